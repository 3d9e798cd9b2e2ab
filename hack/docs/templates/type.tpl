{{- define "type" -}}
{{- $type := . -}}
{{- if markdownShouldRenderType $type -}}
### {{ $type.Name }}

{{ trim $type.Doc }}
{{ if $type.IsAlias }}
_Underlying type:_ {{ markdownRenderTypeLink $type.UnderlyingType }}
{{ end }}
{{- if $type.Validation }}
_Limits:_ {{ range $i, $limit := $type.Validation }}{{ if $i }}; {{ end }}{{ template "limit" $limit }}{{ end }}
{{ end }}
{{- if $type.References }}
_Appears in:_ {{ range $i, $reference := $type.SortedReferences }}{{ if $i }}, {{ end }}{{ markdownRenderTypeLink $reference }}{{ end }}
{{ end }}
{{- if $type.Members }}
| Field | Description | Default | Limits |
| --- | --- | --- | --- |
{{- if $type.GVK }}
| `apiVersion` _string_ | `{{ $type.GVK.Group }}/{{ $type.GVK.Version }}` | | |
| `kind` _string_ | `{{ $type.GVK.Kind }}` | | |
{{- end }}
{{- range $type.Members }}
| `{{ .Name }}` _{{ markdownRenderType .Type }}_ | {{ template "type_members" . }} | {{ with .Default }}{{ markdownRenderDefault . }} {{ end }}| {{ template "limits" . }} |
{{- end }}
{{ end }}
{{- if $type.EnumValues }}
| Value | Description |
| --- | --- |
{{- range $type.EnumValues }}
| `{{ .Name }}` | {{ template "doc" .Doc }} |
{{- end }}
{{ end }}
{{- end }}
{{- end -}}

{{- define "limits" -}}
{{- $separator := "" }}
{{- range .Validation }}{{ if hasPrefix "Required:" . }}**required**{{ $separator = "<br />" }}{{ end }}{{ end }}
{{- range .Validation }}
{{- if not (or (hasPrefix "Required:" .) (hasPrefix "Optional:" .)) }}{{ $separator }}{{ template "limit" . }}{{ $separator = "<br />" }}{{ end }}
{{- end }}
{{- end -}}

{{- /* Numbers arrive as floating point, large ones as 1e+06. */ -}}
{{- define "limit" -}}
{{- $parts := splitn ": " 2 . -}}
{{- if or (eq $parts._0 "Minimum") (eq $parts._0 "Maximum") }}{{ $parts._0 }}: {{ $parts._1 | float64 | printf "%.0f" }}
{{- else }}{{ markdownRenderFieldDoc . }}
{{- end -}}
{{- end -}}

{{- /* The lines of a paragraph are one line in a table. */ -}}
{{- define "doc" -}}
{{ regexReplaceAll "([^\n])\n([^\n])" (trim .) "${1} ${2}" | markdownRenderFieldDoc }}
{{- end -}}
