/** A folder as a run writes it, in which an overlay says everything that one can say. */
export const SMALL_FOLDER: Readonly<Record<string, string>> = {
  "base/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- deployment-web.yaml
- service-web.yaml
- widget.example.com-a.b.yaml
`,
  "base/deployment-web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 1
  template:
    spec:
      containers:
      - image: r.example.com:5000/shop/web:1.4
        name: web
      - env:
        - name: LEVEL
          value: debug
        image: envoy@sha256:00aa
        name: proxy
`,
  "base/service-web.yaml": `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
  - port: 80
`,
  "base/widget.example.com-a.b.yaml": `apiVersion: example.com/v1
kind: Widget
metadata:
  name: a.b
  namespace: shop
spec:
  rules:
  - host: dev.example.com
  size: 9007199254740991
`,
  "prod/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1beta1
images:
- name: envoy
  newName: q.example.com/envoy
- name: r.example.com:5000/shop/web
  newTag: "1.5"
kind: Kustomization
patches:
- path: patch-deployment-web.yaml
- path: patch-widget.example.com-a.b.yaml
  target:
    group: example\\.com
    kind: Widget
    name: a\\.b
    namespace: shop
    version: v1
replicas:
- count: 3
  name: web
resources:
- ../base
- configmap-only.yaml
`,
  "prod/patch-deployment-web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
      - name: web
      - env: null
        name: proxy
`,
  "prod/patch-widget.example.com-a.b.yaml": `- op: test
  path: /spec/rules/0/host
  value: dev.example.com
- op: replace
  path: /spec/rules/0/host
  value: example.com
`,
  "prod/configmap-only.yaml": `apiVersion: v1
data:
  mode: live
kind: ConfigMap
metadata:
  name: only
  namespace: shop
`,
};

/** What the overlay builds, in the order of its files. */
export const SMALL_FOLDER_BUILT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: r.example.com:5000/shop/web:1.5
        name: web
      - image: "q.example.com/envoy@sha256:00aa"
        name: proxy
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
  - port: 80
---
apiVersion: example.com/v1
kind: Widget
metadata:
  name: a.b
  namespace: shop
spec:
  rules:
  - host: example.com
  size: 9007199254740991
---
apiVersion: v1
data:
  mode: live
kind: ConfigMap
metadata:
  name: only
  namespace: shop
`;
