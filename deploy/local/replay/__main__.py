import sys, tempfile, time, shutil
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo
from deploy.local.platform import OFFICES
from deploy.local.replay.hours import Hours
from deploy.local.replay.play import Play
from deploy.local.replay.quiet import Quiet
from deploy.local.replay.reading import read
from deploy.local.replay.script import Script
from deploy.local.stack import Stack
from huiyin.chassis.calendar import load_calendar

file, office, map_, n = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
rows, refused = read(file, map_, n or None)
folder = Path(tempfile.mkdtemp(prefix="huiyin-replay-"))
began = time.monotonic()
try:
    with Stack(folder) as stack:
        stack.clock.set(min(r.received_at for r in rows))
        stack.start(print)
        print("started", time.monotonic() - began, flush=True)
        quiet = Quiet(stack.addresses.mongo_url, stack.platform.counters)
        play = Play(stack.desks[office], stack.clock, quiet, Hours(load_calendar(OFFICES / "calendars"), ZoneInfo("Asia/Shanghai")), Script(1))
        import psutil, json
        def cpu():
            led = json.loads((folder/"processes.json").read_text())
            out = {}
            for name,(pid,_) in led.items():
                try:
                    ps = psutil.Process(pid); tot = sum(ps.cpu_times()[:2])
                    for c in ps.children(recursive=True): tot += sum(c.cpu_times()[:2])
                    out[name]=tot
                except psutil.Error: pass
            out["driver"]=sum(psutil.Process().cpu_times()[:2])
            return out
        c0 = cpu()
        t0 = time.monotonic()
        last = [t0]
        def tell(p):
            if time.monotonic() - last[0] > 5:
                last[0] = time.monotonic()
                import os
                print(f"{time.monotonic()-t0:.0f}s stops {p.stops} quiet {quiet.seconds:.1f}s/{quiet.looks} now {p.now} left {len(p.schedule)} load {os.getloadavg()[0]:.1f}", flush=True)
        try:
            play.run(rows, tell)
        except BaseException:
            import traceback; traceback.print_exc()
            Path("/tmp/replay-logs").mkdir(exist_ok=True); shutil.copytree(folder / "logs", "/tmp/replay-logs", dirs_exist_ok=True)
        took = time.monotonic() - t0
        print("played", took, "stops", play.stops, "ms/stop", 1000*took/max(1,play.stops), "quiet ms/stop", 1000*quiet.seconds/max(1,play.stops), "looks", quiet.looks, quiet.deep, quiet._client.admin.command("serverStatus")["opcounters"])
        c1 = cpu()
        ncase = sum(1 for c in play.courses.values() if c.number) or 1
        print("CPU s", {k: round(v-c0.get(k,0),1) for k,v in sorted(c1.items(), key=lambda kv: c0.get(kv[0],0)-kv[1])}, "total", round(sum(c1.values())-sum(c0.values()),1), "per case", (sum(c1.values())-sum(c0.values()))/ncase)
        print(play.refused, refused)
        print(stack.desks[office].stages())
        print(Counter(c.on_time for c in play.courses.values()))
        for k, v in sorted(stack.desks[office].tally().items()): print(k, v)
        Path("/tmp/replay-logs").mkdir(exist_ok=True); shutil.copytree(folder / "logs", "/tmp/replay-logs", dirs_exist_ok=True)
finally:
    shutil.rmtree(folder, ignore_errors=True)
