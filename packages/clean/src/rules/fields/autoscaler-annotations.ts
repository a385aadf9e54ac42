import { annotation, type CleaningRule, present, types } from "../rule.ts";

/** What an autoscaler observed, as the older API version shows it; its metrics and behavior annotations are content. */
export const autoscalerAnnotations: CleaningRule = {
  id: "autoscaler-annotations",
  title: "the conditions and current-metrics annotations",
  of: "HorizontalPodAutoscaler",
  reason: "they are the status of an autoscaler that was read through autoscaling/v1",
  source: "Kubernetes autoscaling/v1 conversion, HorizontalPodAutoscalerConditionsAnnotation, MetricStatusesAnnotation",
  keptWhen: "owned",
  appliesTo: types("autoscaling", "HorizontalPodAutoscaler"),
  find: (object) =>
    present(
      object,
      annotation("autoscaling.alpha.kubernetes.io/conditions"),
      annotation("autoscaling.alpha.kubernetes.io/current-metrics"),
    ),
};
