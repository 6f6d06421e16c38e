{{- define "opps.name" -}}
{{- printf "%s-opps" .Release.Name | replace "opps-opps" "opps" | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "opps.selector" -}}
app.kubernetes.io/name: opps
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "opps.labels" -}}
{{ include "opps.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "opps.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* What every pod of opps is: nobody in particular, without the rights of the API server. */}}
{{- define "opps.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{- define "opps.container" -}}
image: {{ include "opps.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* The settings of servers and projector; secrets are files. */}}
{{- define "opps.settings" -}}
- name: OPPS_DATABASE_URL_FILE
  value: /run/secrets/opps/server-url
{{- if .Values.secret.direct }}
- name: OPPS_DATABASE_DIRECT_URL_FILE
  value: /run/secrets/opps/direct-url
{{- end }}
{{- if .Values.secret.keys }}
- name: OPPS_KEYS_URL_FILE
  value: /run/secrets/opps/keys-url
{{- end }}
- name: OPPS_ENVIRONMENT
  value: {{ .Values.settings.environment | quote }}
- name: OPPS_TENANT
  value: {{ .Values.settings.tenant | quote }}
- name: OPPS_ZONE
  value: {{ .Values.settings.zone | quote }}
{{- range $name, $value := .Values.settings.extra }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "opps.mounts" -}}
- name: secrets
  mountPath: /run/secrets/opps
  readOnly: true
- name: data
  mountPath: /var/lib/opps
- name: tmp
  mountPath: /tmp
{{- end -}}

{{/* Only the connection strings that servers and projector need: the one that migrates is not among them. */}}
{{- define "opps.volumes" -}}
- name: secrets
  secret:
    secretName: {{ .Values.secret.name }}
    defaultMode: 0440
    items:
      - {key: server-url, path: server-url}
      {{- if .Values.secret.direct }}
      - {key: direct-url, path: direct-url}
      {{- end }}
      {{- if .Values.secret.keys }}
      - {key: keys-url, path: keys-url}
      {{- end }}
- name: data
  persistentVolumeClaim:
    claimName: {{ .Values.data.existingClaim | default (include "opps.name" .) }}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 64Mi
{{- end -}}

{{/* Alive on the port for operators; ready only when the database, migrations and read models are. */}}
{{- define "opps.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: operators}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: operators}
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: operators}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}

{{/* One node more or less must not take all of them. */}}
{{- define "opps.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "opps.selector" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
{{- end -}}
