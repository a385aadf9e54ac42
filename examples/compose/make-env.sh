#!/bin/sh
# Writes .env beside docker-compose.yaml, with fresh passwords, readable by nobody else. One that is there stays.
set -eu
cd "$(dirname "$0")/../.."
[ ! -e .env ] || { echo ".env is there already" >&2; exit 1; }
umask 077
random() { head -c 24 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
cat > .env <<END
MINIO_ROOT_USER=kubeferry
MINIO_ROOT_PASSWORD=$(random)
GITEA_SECRET_KEY=$(random)
GRAFANA_PASSWORD=$(random)
WEBHOOK_KEY=whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')
# Made by hand in Gitea, as docs/compose.md says.
GIT_TOKEN=
# A kubeconfig that reaches the cluster from a container, and who it is read by: your own number, where nobody else may.
KUBECONFIG_FILE=
RUN_AS=$(id -u)
END
