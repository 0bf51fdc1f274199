package io.breakwater.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FleetSlotKeeperTest {
    private static final String TENANT = "tenant";
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final InMemorySlotStore memory = new InMemorySlotStore();
    private final List<SlotStep> asked = new ArrayList<>();
    private final List<HeldBack> news = new ArrayList<>();
    private final SlotKeeper worker = keeper();
    private final SlotKeeper other = keeper();
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private boolean answersAreLost;

    @Test
    void hasNoMoreJobsInFlightThanTheLimitOnAnyWorker() {
        assertThat(take(worker, "one")).isEmpty();
        assertThat(take(other, "two")).isEmpty();

        assertThat(take(worker, "three")).isPresent();
        assertThat(take(other, "four")).isPresent();
        assertThat(worker.take("another tenant", "five", now.plus(LEASE), false))
                .isEmpty();

        other.give(TENANT, "two");
        assertThat(retake(other, "four")).isEmpty();
    }

    @Test
    void aJobThatHasASlotCostsTwoRequests() {
        take(worker, "one");
        worker.give(TENANT, "one");
        worker.give(TENANT, "one");

        assertThat(asked).hasSize(2);
    }

    @Test
    void whatAWorkerThatDiedHeldIsFreeWhenItsLeaseEnds() {
        take(worker, "one");
        take(worker, "two");
        now = now.plus(LEASE).minusSeconds(2);
        assertThat(retake(other, "three")).isPresent();
        now = now.plusSeconds(2);

        assertThat(retake(other, "three")).isEmpty();
        assertThat(retake(other, "four")).isEmpty();
        assertThat(retake(other, "five")).isPresent();
    }

    @Test
    void anAnswerThatGotLostLeavesNoSlotTaken() {
        answersAreLost = true;
        assertThat(take(worker, "one")).isEmpty();
        assertThat(take(worker, "two")).isEmpty();
        worker.give(TENANT, "one");
        worker.give(TENANT, "two");
        answersAreLost = false;

        assertThat(take(other, "three")).isEmpty();
        assertThat(take(other, "four")).isEmpty();
    }

    @Test
    void withoutAStoreThereIsNoLimit() {
        answersAreLost = true;

        assertThat(take(worker, "one")).isEmpty();
        assertThat(take(worker, "two")).isEmpty();
        assertThat(take(worker, "three")).isEmpty();
    }

    @Test
    void turnsAreAsFarApartAsSlotsComeFree() {
        take(worker, "one");
        take(worker, "two");
        now = now.plusSeconds(10);
        worker.give(TENANT, "one");
        take(worker, "three");

        // Two slots, each held for ten seconds.
        assertThat(take(worker, "four")).contains(now.plusSeconds(5));
        assertThat(take(worker, "five")).contains(now.plusSeconds(10));
        assertThat(take(other, "six")).contains(now.plusSeconds(15));
    }

    @Test
    void aBatchOfAFullTenantAsksOnceForASlot() {
        take(worker, "one");
        take(worker, "two");
        asked.clear();

        for (int job = 0; job < 10; job++) {
            take(worker, "more-" + job);
        }

        assertThat(asked).filteredOn(SlotStep.Take.class::isInstance).hasSize(1);
        assertThat(asked).filteredOn(SlotStep.JoinLine.class::isInstance).hasSize(10);
    }

    @Test
    void whoFindsTheLineFullComesBackWithinAMessagesDelayAndAsksForNothing() {
        take(worker, "one");
        take(worker, "two");
        Instant end = now;
        for (int job = 0; end.isBefore(now.plus(InFlightLimit.LONGEST_LINE)) || job < 800; job++) {
            end = take(worker, "more-" + job).orElseThrow();
            assertThat(end).isBefore(now.plus(Duration.ofMinutes(15)));
        }
        asked.clear();

        Instant back = take(worker, "last").orElseThrow();

        assertThat(back).isBetween(now.plus(Duration.ofMinutes(12)), now.plus(Duration.ofMinutes(15)));
        assertThat(asked).isEmpty();
    }

    @Test
    void tellsAtOnceThatATenantIsHeldBackAndThenSeldom() {
        take(worker, "one");
        take(worker, "two");
        take(worker, "three");
        take(worker, "four");
        take(worker, "five");
        now = now.plusSeconds(11);
        take(worker, "six");

        assertThat(news).extracting(HeldBack::jobs).containsExactly(1, 3);
        assertThat(news).extracting(HeldBack::tenant).containsOnly(TENANT);
        assertThat(news).extracting(HeldBack::inFlight).containsOnly(2);
    }

    private Optional<Instant> take(SlotKeeper keeper, String claimId) {
        return keeper.take(TENANT, claimId, now.plus(LEASE), false);
    }

    /** As a job that has waited, when what was known of the tenant is old. */
    private Optional<Instant> retake(SlotKeeper keeper, String claimId) {
        now = now.plusSeconds(1);
        return keeper.take(TENANT, claimId, now.plus(LEASE), true);
    }

    private SlotKeeper keeper() {
        return new FleetSlotKeeper(new InFlightLimit(2), this::apply, () -> now, new Random(1), news::add);
    }

    private SlotStore.Answer apply(String tenant, SlotStep step) {
        asked.add(step);
        SlotStore.Answer answer = memory.apply(tenant, step);
        if (answersAreLost) {
            throw new IllegalStateException("no answer");
        }
        return answer;
    }
}
