package io.breakwater.scoreboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Runs of several seeds each, by what was run. */
final class Runs<K> {
    private final Lanes lanes;
    private final Map<K, Supplier<List<Figures>>> begun = new LinkedHashMap<>();

    Runs(Lanes lanes) {
        this.lanes = lanes;
    }

    /** The same plan for each of the contestants. */
    static Runs<Contestant> of(Lanes lanes, List<Contestant> contestants, int seeds, LongFunction<Plan> plan) {
        Runs<Contestant> runs = new Runs<>(lanes);
        contestants.forEach(contestant -> runs.begin(contestant, contestant, seeds, plan));
        return runs;
    }

    void begin(K key, Fleet.Maker maker, int seeds, LongFunction<Plan> plan) {
        begun.put(key, lanes.runs(maker, seeds, plan));
    }

    Set<K> keys() {
        return begun.keySet();
    }

    List<Figures> of(K key) {
        Supplier<List<Figures>> runs = begun.get(key);
        if (runs == null) {
            throw new NoSuchElementException("no runs of " + key);
        }
        return runs.get();
    }

    Sample of(K key, ToDoubleFunction<Figures> figure) {
        return Sample.of(of(key), figure);
    }

    double median(K key, ToDoubleFunction<Figures> figure) {
        return of(key, figure).median();
    }
}
