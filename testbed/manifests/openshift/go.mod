module github.com/kubeferry/kubeferry/testbed/manifests/openshift

go 1.26.0

require github.com/openshift/api v0.0.0-20250207102212-9e59a77ed2e0
