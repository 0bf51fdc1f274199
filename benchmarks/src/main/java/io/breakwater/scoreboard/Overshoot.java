package io.breakwater.scoreboard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What a stage lets through when the whole fleet asks in the same moment. */
final class Overshoot {
    private static final int CALLERS = 200;
    private static final int WAVES = 3;
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration OUTAGE = Duration.ofMinutes(2);

    /** Longer than any cooldown. */
    private static final Duration SILENCE = Duration.ofMinutes(20);

    private final Map<Contestant, Supplier<List<Wave>>> waves = new EnumMap<>(Contestant.class);

    /** Permits given to callers that asked at once, and how many probes were meant to go, if they went as probes. */
    record Wave(int permits, OptionalInt limit) {
        int beyond() {
            return limit.isPresent() ? Math.max(0, permits - limit.getAsInt()) : 0;
        }

        private String text() {
            return limit.isPresent() ? permits + " of " + limit.getAsInt() : permits + ", closed";
        }
    }

    Overshoot(Lanes lanes) {
        Contestant.WITH_BREAKER.forEach(
                contestant -> waves.put(contestant, lanes.begin(() -> waves(contestant, CALLERS))));
    }

    /**
     * Waves of callers, one from each environment. The endpoint has been down until every environment knew, the wait is
     * over, and all calls of a wave have succeeded before the next.
     */
    static List<Wave> waves(Contestant contestant, int callers) {
        VirtualTime time = new VirtualTime();
        Turns turns = new Turns(time, new SplittableRandom(1));
        Fleet fleet = contestant == Contestant.BREAKWATER
                ? BreakwaterFleet.over(new CountingStore(turns::pass), time, callers, 1)
                : contestant.make(time, callers, 1);
        Service down = Service.throttling(1, CALL_TIME);
        Run.begin(time, fleet, Plan.of(callers, Plan.Traffic.tenConcurrent(CALL_TIME), down, OUTAGE, 1));
        Duration now = OUTAGE.plus(SILENCE);
        time.runUntil(now);
        List<Wave> waves = new ArrayList<>();
        for (int wave = 0; wave < WAVES; wave++) {
            List<Fleet.Call> calls = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int environment = caller;
                turns.begin(() -> fleet.admit(environment).ifPresent(calls::add));
            }
            now = now.plus(CALL_TIME);
            time.runUntil(now);
            waves.add(new Wave(calls.size(), limit(calls)));
            calls.forEach(call -> turns.begin(() -> call.end(Optional.empty())));
            now = now.plus(CALL_TIME);
            time.runUntil(now);
        }
        return waves;
    }

    private static OptionalInt limit(List<Fleet.Call> calls) {
        return calls.stream()
                .flatMap(call -> call.probe().stream())
                .mapToInt(Fleet.Probe::limit)
                .findFirst();
    }

    /** Permits beyond the stages, of all waves. */
    int beyond(Contestant contestant) {
        return wavesOf(contestant).stream().mapToInt(Wave::beyond).sum();
    }

    private List<Wave> wavesOf(Contestant contestant) {
        return waves.getOrDefault(contestant, List::of).get();
    }

    void write(Page page) {
        Page.Table table = new Page.Table("contestant", "first wave", "second", "third", "permits beyond the limit");
        for (Contestant contestant : Contestant.WITH_BREAKER) {
            List<Wave> waves = wavesOf(contestant);
            table.row(
                    contestant.title(),
                    waves.get(0).text(),
                    waves.get(1).text(),
                    waves.get(2).text(),
                    Integer.toString(beyond(contestant)));
        }
        page.heading("200 callers at once").paragraph("""
            The endpoint was down, every environment knows, the cooldown is over, and 200 environments ask in the same
            moment; when the calls that went have succeeded, all ask again, and once more. Each caller runs in a thread
            of its own and gives up its turn around every request to the store, for 1 to 10 ms by the seed, so that
            requests interleave. A cell has the permits given and the limit of the stage, which for Resilience4j is that of one
            environment.
            """).table(table);
    }
}
