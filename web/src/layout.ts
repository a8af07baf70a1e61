// Where the pairs of a map stand: dagre arranges them in layers, along the steps.
import { graphlib, layout } from "@dagrejs/dagre";
import type { Map as Explored } from "./api";

export type Node = { name: string; x: number; y: number; width: number; height: number };
export type Edge = { from: string; to: string; steps: number; path: string };
export type Picture = { width: number; height: number; nodes: Node[]; edges: Edge[] };

const margin = 16;

export function arranged(map: Explored): Picture {
  const g = new graphlib.Graph();
  g.setGraph({ rankdir: "TB", nodesep: 14, ranksep: 34, edgesep: 8, marginx: margin, marginy: margin });
  g.setDefaultEdgeLabel(() => ({}));
  for (const p of map.pairs) g.setNode(`${p.a},${p.b}`, { width: 98, height: 34 });
  const steps = new Map<string, number>();
  for (const s of map.steps) {
    const key = `${s.from.join(",")}>${s.to.join(",")}`;
    steps.set(key, (steps.get(key) ?? 0) + s.steps);
  }
  for (const key of steps.keys()) {
    const [from, to] = key.split(">");
    g.setEdge(from, to);
  }
  layout(g);
  const nodes = g.nodes().map((name: string) => ({ ...g.node(name), name }) as Node);
  const edges = g.edges().map((e: { v: string; w: string }) => {
    const points: { x: number; y: number }[] = g.edge(e).points;
    return { from: e.v, to: e.w, steps: steps.get(`${e.v}>${e.w}`)!, path: smooth(points) };
  });
  const { width, height } = g.graph() as { width: number; height: number };
  return { width, height, nodes, edges };
}

// smooth returns a line through points, with its corners rounded.
function smooth(points: { x: number; y: number }[]): string {
  const at = (p: { x: number; y: number }) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
  const middle = (p: { x: number; y: number }, q: { x: number; y: number }) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
  let d = `M${at(points[0])}`;
  for (let i = 1; i + 1 < points.length; i++) {
    const end = i + 2 === points.length ? points[i + 1] : middle(points[i], points[i + 1]);
    d += `Q${at(points[i])} ${at(end)}`;
  }
  if (points.length === 2) d += `L${at(points[1])}`;
  return d;
}
