import { workloads } from "./bench/workloads.ts"; import { scheduleStage } from "./core/schedule/schedule.ts";
const p = workloads.find(x=>x.name===Deno.args[0])!.build();
for (const s of p.procedures.get("train")!) { const sch = scheduleStage(s,p.extents); console.log(s.name, s.loop); sch.groups.forEach((g,i)=>g.forEach(q=>console.log("  ",i, q.domain.sequence?"seq":"rep", JSON.stringify(q.domain.shape), q.reduction?.axes.join(), q.reduced.length, q.locals.length, "inner",q.innerStores.length,"stores",q.stores.length, q.waitsFor))); }
