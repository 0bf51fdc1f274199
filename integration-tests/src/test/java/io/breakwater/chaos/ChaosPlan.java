package io.breakwater.chaos;

import io.breakwater.chaos.FaultyProxy.Fault;
import io.breakwater.chaos.FaultyStores.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What goes wrong and when, from one seed. Faults begin when so many jobs have ended, not at a time: so a slow machine has
 * as much of them as a fast one. They end by time, so they never hold up the jobs that the next one waits for.
 *
 * @param events in the order in which they begin
 */
record ChaosPlan(List<Event> events) {
    /** These come first, so that the shortest run has them all. */
    static final List<String> FIRST_MODEL_FAULTS = List.of("THROTTLE", "STALL", "DROP");

    private static final List<String> MODEL_FAULTS =
            List.of("THROTTLE", "STALL", "DROP", "SERVER_ERROR", "UNAVAILABLE", "MODEL_TIMEOUT", "MALFORMED");
    private static final List<String> REGIONS = List.of("us-east-1", "us-west-2", "*");

    /** Jobs from one event of a kind to the next. */
    private static final int LEAST_JOBS_BETWEEN = 30;

    private static final int MOST_JOBS_BETWEEN = 90;

    /** Share of the jobs with which nothing begins any more. */
    private static final double IN_PEACE = 0.15;

    /** Something that begins when so many jobs have ended. */
    sealed interface Event {
        int afterJobs();
    }

    /** A worker is killed a little later, the one at this place among those that live. */
    record Kill(int afterJobs, Duration delay, int place) implements Event {}

    /** The calls of models in a region fail. */
    record ModelFault(int afterJobs, String region, String fault, double probability, int seconds) implements Event {}

    /** The requests to a store fail. */
    record StoreFault(int afterJobs, Store store, Fault fault, Duration length) implements Event {}

    /** A plan for so many jobs. */
    static ChaosPlan of(long seed, int jobs) {
        SplittableRandom random = new SplittableRandom(seed);
        int end = (int) (jobs * (1 - IN_PEACE));
        List<Event> events = new ArrayList<>();
        Iterator<String> modelFaults = Stream.concat(
                        dealt(FIRST_MODEL_FAULTS, random.split()).limit(FIRST_MODEL_FAULTS.size()),
                        dealt(MODEL_FAULTS, random.split()))
                .iterator();
        Iterator<Store> stores = dealt(List.of(Store.values()), random.split()).iterator();
        Iterator<FaultyProxy.Kind> storeFaults =
                dealt(List.of(FaultyProxy.Kind.values()), random.split()).iterator();
        events.addAll(until(end, random.split(), ChaosPlan::kill));
        events.addAll(until(end, random.split(), draw -> modelFault(draw, modelFaults.next())));
        events.addAll(until(end, random.split(), draw -> storeFault(draw, stores.next(), storeFaults.next())));
        events.sort(Comparator.comparingInt(Event::afterJobs));
        return new ChaosPlan(List.copyOf(events));
    }

    /** All of them in random order, again and again. */
    private static <T> Stream<T> dealt(List<T> all, RandomGenerator random) {
        return Stream.generate(() -> {
                    List<T> shuffled = new ArrayList<>(all);
                    Collections.shuffle(shuffled, random);
                    return shuffled;
                })
                .flatMap(List::stream);
    }

    private static List<Event> until(int end, RandomGenerator random, Function<Draw, Event> kind) {
        List<Event> events = new ArrayList<>();
        for (int jobs = between(random); jobs < end; jobs += between(random)) {
            events.add(kind.apply(new Draw(jobs, random)));
        }
        return events;
    }

    private static int between(RandomGenerator random) {
        return random.nextInt(LEAST_JOBS_BETWEEN, MOST_JOBS_BETWEEN);
    }

    private record Draw(int afterJobs, RandomGenerator random) {
        <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        Duration millis(int least, int most) {
            return Duration.ofMillis(random.nextInt(least, most));
        }
    }

    private static Event kill(Draw draw) {
        return new Kill(draw.afterJobs, draw.millis(0, 500), draw.random.nextInt(1_000));
    }

    private static Event modelFault(Draw draw, String fault) {
        return new ModelFault(
                draw.afterJobs, draw.one(REGIONS), fault, draw.random.nextDouble(0.3, 1), draw.random.nextInt(1, 5));
    }

    private static Event storeFault(Draw draw, Store store, FaultyProxy.Kind kind) {
        Fault fault = new Fault(kind, draw.random.nextDouble(0.2, 1));
        return new StoreFault(draw.afterJobs, store, fault, draw.millis(500, 3_000));
    }
}
