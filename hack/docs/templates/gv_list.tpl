{{- define "gvList" -}}
<!-- Generated from the API types by "make docs-reference". Change those instead. -->

# API reference

Every kind, field and limit, as `kubectl explain` tells it too.
{{ range . }}
{{ template "gvDetails" . }}
{{- end }}
{{- end -}}
