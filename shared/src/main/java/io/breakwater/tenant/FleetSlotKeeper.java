package io.breakwater.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One limit for the whole fleet, kept in a {@link SlotStore}: a write for each slot that is taken, and one when it is
 * given back.
 *
 * <p>A slot is a lease under its claim's id. A worker that dies gives its slots back by time; a step whose answer got
 * lost is recognised by the claim, or is over by time, too. A tenant that was found full is taken to be so for a moment,
 * so that a batch of its jobs does not ask ten times. While the store is away there is no limit: it is never the reason
 * for an outage.
 */
public final class FleetSlotKeeper implements SlotKeeper {
    private static final Duration FULL_FOR = Duration.ofSeconds(1);
    private static final Duration TOLD_FOR = Duration.ofSeconds(10);

    /** Each finds other slots expired than the one before, so it was beaten to them. */
    private static final int ATTEMPTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(FleetSlotKeeper.class);

    private final InFlightLimit limit;
    private final SlotStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<HeldBack> listener;
    private final Map<String, Taken> taken = new ConcurrentHashMap<>();
    private final Map<String, Full> full = new ConcurrentHashMap<>();
    private final Map<String, Told> told = new HashMap<>();

    public FleetSlotKeeper(
            InFlightLimit limit,
            SlotStore store,
            InstantSource clock,
            RandomGenerator random,
            Consumer<HeldBack> listener) {
        this.limit = limit;
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
    }

    /** A claim that has a slot since then, and what was typical when it took it. */
    private record Taken(Instant at, Duration typicalHold) {}

    /** What stood when the tenant was found full. */
    private record Full(Slots slots, Instant at) {
        /** A clock that went backwards makes nothing fresh. */
        boolean isFresh(Instant now) {
            return now.isBefore(at.plus(FULL_FOR)) && !now.isBefore(at);
        }
    }

    /** Jobs put off since {@code at}, when this was last told. */
    private record Told(int jobs, Instant at) {}

    @Override
    public Optional<Instant> take(String tenant, String claimId, Instant leaseUntil, boolean hasWaited) {
        Optional<Full> found;
        try {
            found = found(tenant, claimId, leaseUntil, hasWaited);
        } catch (RuntimeException e) {
            LOG.warn("claim {} goes on without knowing of a slot: {}", claimId, e.toString());
            // The store may have heard, so it is given back like any other.
            taken.put(claimId, new Taken(clock.instant(), Duration.ZERO));
            return Optional.empty();
        }
        return found.map(stands -> {
            Instant at = comeBackAt(tenant, stands);
            tell(tenant, stands.slots().leases().size(), at);
            return at;
        });
    }

    /** What is in the way of a slot; empty when one was taken. */
    private Optional<Full> found(String tenant, String claimId, Instant leaseUntil, boolean hasWaited) {
        Instant now = clock.instant();
        Full last = full.get(tenant);
        if (last != null && last.isFresh(now)) {
            return Optional.of(last);
        }
        SlotStore.Answer answer = ask(tenant, claimId, leaseUntil, hasWaited, now);
        if (answer.made() || answer.slots().isHeldBy(claimId)) {
            taken.put(claimId, new Taken(now, answer.slots().typicalHold()));
            full.remove(tenant);
            return Optional.empty();
        }
        Full stands = new Full(answer.slots(), now);
        full.values().removeIf(old -> !old.isFresh(now));
        full.put(tenant, stands);
        return Optional.of(stands);
    }

    private SlotStore.Answer ask(String tenant, String claimId, Instant leaseUntil, boolean hasWaited, Instant now) {
        List<String> expired = List.of();
        SlotStore.Answer answer;
        int attempt = 0;
        do {
            answer = store.apply(tenant, limit.take(claimId, leaseUntil, hasWaited, expired, now));
            expired = answer.slots().expired(now);
            attempt++;
        } while (!answer.made() && !answer.slots().isHeldBy(claimId) && !expired.isEmpty() && attempt < ATTEMPTS);
        return answer;
    }

    private Instant comeBackAt(String tenant, Full stands) {
        Instant now = clock.instant();
        if (limit.isLineFull(stands.slots(), now)) {
            return limit.afterLine(now, random.nextDouble());
        }
        try {
            Slots joined =
                    store.apply(tenant, limit.joinLine(stands.slots(), now)).slots();
            full.computeIfPresent(tenant, (_, last) -> new Full(joined, last.at()));
            return joined.lineEnd();
        } catch (RuntimeException e) {
            LOG.warn("a job over its tenant's limit waits without a turn: {}", e.toString());
            return limit.afterLine(now, random.nextDouble());
        }
    }

    @Override
    public void give(String tenant, String claimId) {
        Taken slot = taken.remove(claimId);
        if (slot == null) {
            return;
        }
        full.remove(tenant);
        Duration held = Duration.between(slot.at(), clock.instant());
        try {
            store.apply(tenant, new SlotStep.Give(claimId, InFlightLimit.typicalHold(slot.typicalHold(), held)));
        } catch (RuntimeException e) {
            LOG.warn("the slot of claim {} is free when its lease ends: {}", claimId, e.toString());
        }
    }

    private void tell(String tenant, int inFlight, Instant nextAt) {
        HeldBack news = news(tenant, inFlight, nextAt);
        if (news != null) {
            LOG.info(
                    "tenant {} has {} jobs in flight, and may have {}: {} put off, the last until {}",
                    tenant,
                    inFlight,
                    limit.maximum(),
                    news.jobs(),
                    nextAt);
            listener.accept(news);
        }
    }

    /** At once, then at most once in some seconds for each tenant; tenants of which nothing is untold are forgotten. */
    private @Nullable HeldBack news(String tenant, int inFlight, Instant nextAt) {
        Instant now = clock.instant();
        synchronized (told) {
            told.values()
                    .removeIf(old -> old.jobs() == 0 && !now.isBefore(old.at().plus(TOLD_FOR)));
            Told last = told.getOrDefault(tenant, new Told(0, Instant.MIN));
            int jobs = last.jobs() + 1;
            boolean isDue =
                    last.at().equals(Instant.MIN) || !now.isBefore(last.at().plus(TOLD_FOR));
            told.put(tenant, isDue ? new Told(0, now) : new Told(jobs, last.at()));
            return isDue ? new HeldBack(tenant, jobs, inFlight, nextAt) : null;
        }
    }
}
