package io.breakwater.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.tenant.SlotStep.Give;
import io.breakwater.tenant.SlotStep.JoinLine;
import io.breakwater.tenant.SlotStep.Take;
import io.breakwater.tenant.SlotStore.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of slots must do. */
abstract class SlotStoreContract {
    private static final Instant NOW = Instant.parse("2126-03-01T10:00:00.123Z");
    private static final Instant LEASE = NOW.plusSeconds(305);
    private static final Duration HOLD = Duration.ofMillis(10_500);
    private static final Duration INTERVAL = Duration.ofMillis(1_250);

    private final String tenant = "arn:aws:sts::123456789012:assumed-role/" + UUID.randomUUID();

    abstract SlotStore store();

    @Test
    void asManySlotsAreTakenAsThereAre() {
        assertThat(take("one", 2).made()).isTrue();
        assertThat(take("two", 2).made()).isTrue();

        Answer third = take("three", 2);

        assertThat(third.made()).isFalse();
        assertThat(third.slots().leases()).isEqualTo(Map.of("one", LEASE, "two", LEASE));
    }

    @Test
    void aClaimTakesOneSlotAndGivesItBackOnce() {
        take("one", 2);
        Answer again = take("one", 2);
        take("two", 2);

        assertThat(again.made()).isFalse();
        assertThat(again.slots().leases()).containsOnlyKeys("one");
        assertThat(apply(new Give("one", HOLD)).made()).isTrue();
        assertThat(apply(new Give("one", HOLD)).made()).isFalse();
        assertThat(take("three", 2).made()).isTrue();
        assertThat(take("four", 2).made()).isFalse();
    }

    @Test
    void aSlotWhoseLeaseIsOverIsAnyonesOnce() {
        take("dead", 1);
        Instant later = LEASE.plusMillis(1);

        assertThat(apply(new Take("early", LEASE, List.of("dead"), 1, 1, LEASE.minusMillis(1)))
                        .made())
                .isFalse();
        Answer heir = apply(new Take("heir", later.plusSeconds(305), List.of("dead"), 1, 1, LEASE));
        Answer late = apply(new Take("late", later.plusSeconds(305), List.of("dead"), 1, 1, LEASE));

        assertThat(heir.made()).isTrue();
        assertThat(late.made()).isFalse();
        assertThat(late.slots().leases()).containsOnlyKeys("heir");
        assertThat(apply(new Give("dead", HOLD)).made()).isFalse();
    }

    @Test
    void turnsInLineAreSoFarApartAndBeginNow() {
        take("one", 1);

        assertThat(join(NOW)).isEqualTo(NOW.plus(INTERVAL));
        assertThat(join(NOW)).isEqualTo(NOW.plus(INTERVAL.multipliedBy(2)));
        Instant whenTheLineIsOver = NOW.plusSeconds(60);
        assertThat(join(whenTheLineIsOver)).isEqualTo(whenTheLineIsOver.plus(INTERVAL));
    }

    @Test
    void whoHasNotWaitedLeavesSlotsToTheLineWhileThereIsOne() {
        join(NOW);
        take("one", 2);

        assertThat(apply(new Take("fresh", LEASE, List.of(), 2, 1, NOW)).made()).isFalse();
        assertThat(apply(new Take("fresh", LEASE, List.of(), 2, 1, NOW.plus(INTERVAL)))
                        .made())
                .isTrue();
    }

    @Test
    void anyHistoryIsAsItsStepsDefineIt() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        Slots expected = Slots.INITIAL;
        Instant now = NOW;
        List<SlotStep> history = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            now = now.plusMillis(random.nextInt(2_000));
            SlotStep step = step(random, expected, now);
            history.add(step);
            Optional<Slots> next = step.applyTo(expected);
            expected = next.orElse(expected);

            assertThat(apply(step)).as("seed %d: %s", seed, history).isEqualTo(new Answer(next.isPresent(), expected));
        }
    }

    private static SlotStep step(SplittableRandom random, Slots slots, Instant now) {
        String claim = "claim-" + random.nextInt(8);
        List<String> expired = random.nextInt(4) == 0 ? List.of("claim-0") : slots.expired(now);
        List<String> others =
                expired.stream().filter(other -> !other.equals(claim)).toList();
        return switch (random.nextInt(4)) {
            case 0 -> new Give(claim, Duration.ofMillis(random.nextInt(20_000)));
            case 1 -> new JoinLine(INTERVAL, now);
            default -> new Take(claim, now.plusMillis(random.nextInt(10_000)), others, 3, random.nextInt(4), now);
        };
    }

    @Test
    void ofManyAtOnceAsManyTakeSlotsAsThereAreAndNoTwoHaveTheSameTurn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> takes = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(
                            number -> () -> take("claim-" + number, 5).made())
                    .toList();
            List<Callable<Instant>> joins = IntStream.range(0, 16)
                    .<Callable<Instant>>mapToObj(_ -> () -> join(NOW))
                    .toList();

            assertThat(threads.invokeAll(takes))
                    .extracting(take -> take.get())
                    .filteredOn(made -> made)
                    .hasSize(5);
            assertThat(threads.invokeAll(joins)).extracting(turn -> turn.get()).doesNotHaveDuplicates();
        }
    }

    private Answer take(String claimId, int maximum) {
        return apply(new Take(claimId, LEASE, List.of(), maximum, maximum, NOW));
    }

    private Instant join(Instant now) {
        return apply(new JoinLine(INTERVAL, now)).slots().lineEnd();
    }

    private Answer apply(SlotStep step) {
        return store().apply(tenant, step);
    }
}
