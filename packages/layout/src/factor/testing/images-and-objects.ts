/** Objects at which a build with `images:` stops, or which come out otherwise although no image of theirs is named. */
export const STOPPING = [
  "{spec: text}",
  "{spec: [text]}",
  "{spec: {template: small}}",
  "{spec: {template: {spec: 5}}}",
  "{spec: {containers: null}}",
  "{spec: {template: {spec: {volumes: null}}}}",
  "{spec: {initContainers: text}}",
  "{spec: {volumes: [{image: 'a:1'}]}}",
  "{spec: {volumes: [{image: {reference: {a: 1}}}]}}",
  "{deep: [{containers: [text]}]}",
  "{deep: [{initContainers: [{image: {name: a}}]}]}",
  // An image of their own is named:
  "{spec: {containers: {image: 'nginx:1'}}}",
  "{deep: [{initContainers: [{image: true}]}]}",
];

/** Objects that come out as they are. */
export const PASSED = [
  "{spec: null}",
  "{spec: {}}",
  "{spec: [{containers: [{image: 'a:1'}]}]}",
  "{spec: {template: null, containers: []}}",
  "{spec: {template: {spec: {containers: [{name: a}], volumes: []}}}}",
  "{spec: {volumes: [{image: {reference: 'a:1'}}]}}",
  "{deep: {template: text, containers: text, image: 5}}",
];
