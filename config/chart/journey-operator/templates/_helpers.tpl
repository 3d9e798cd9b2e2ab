{{- define "journey-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The Deployment, and what goes with it. */}}
{{- define "journey-operator.manager" -}}
{{ include "journey-operator.fullname" . }}-controller-manager
{{- end -}}

{{- define "journey-operator.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "journey-operator.manager" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "Without serviceAccount.create, set serviceAccount.name to the ServiceAccount that is there." .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "journey-operator.webhook" -}}
{{ include "journey-operator.fullname" . }}-webhook
{{- end -}}

{{- define "journey-operator.webhookSecret" -}}
{{ default (include "journey-operator.webhook" .) .Values.warnings.secretName }}
{{- end -}}

{{- define "journey-operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* By these, Deployments, Services and others find the pods. They never change. */}}
{{- define "journey-operator.selector" -}}
control-plane: controller-manager
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of all objects. */}}
{{- define "journey-operator.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The ServiceAccount, as the one that a role is bound to. */}}
{{- define "journey-operator.subjects" -}}
- kind: ServiceAccount
  name: {{ include "journey-operator.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
