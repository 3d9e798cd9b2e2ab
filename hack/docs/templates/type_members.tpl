{{- define "type_members" -}}
{{- if eq .Name "metadata" -}}
The name, namespace, labels and annotations of any Kubernetes object.
{{- else -}}
{{ template "doc" .Doc }}
{{- end -}}
{{- end -}}
