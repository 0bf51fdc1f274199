package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.simulation.Hits;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.tenant.SlotStore;
import io.breakwater.tenant.SlotStore.Answer;
import io.breakwater.tenant.Slots;
import io.breakwater.topology.DynamoDbKey;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What must be so of tenants' slots after every write, and of the jobs in flight: none is in flight without a slot, except
 * where the worker could not ask for one, and no slot is held for longer than an invocation may last.
 */
final class SlotInvariants {
    /** Of a lease beyond the invocation's time, and of the clocks. */
    private static final Duration MARGIN = Duration.ofSeconds(6);

    private final DynamoDbClient table;
    private final SlotStore slots;
    private final int maximum;
    private final InstantSource clock;
    private final Hits hits;
    private final Map<String, Slots> known = new HashMap<>();
    private final Map<String, InFlight> inFlight = new HashMap<>();
    private final Set<String> blind = new HashSet<>();

    /**
     * @param table where the slots are kept
     * @param maximum jobs of a tenant in flight; {@link Integer#MAX_VALUE} where nobody asks for a slot
     */
    SlotInvariants(DynamoDbClient table, SlotStore slots, int maximum, InstantSource clock, Hits hits) {
        this.table = table;
        this.slots = slots;
        this.maximum = maximum;
        this.clock = clock;
        this.hits = hits;
    }

    /** A claim that may be worked on. */
    private record InFlight(String tenant, Instant leaseUntil, SimulatedProcess process) {
        boolean isOver(Instant now) {
            return process.isOver() || !leaseUntil.isAfter(now.plus(PipelineInvariants.SKEW));
        }
    }

    /** The store, with a look at the tenant's slots after each step. */
    SlotStore watched() {
        return (tenant, step) -> {
            Answer answer = slots.apply(tenant, step);
            check(tenant, answer.slots());
            return answer;
        };
    }

    private void check(String tenant, Slots found) {
        known.put(tenant, found);
        assertThat(found.leases()).as("slots of %s", tenant).hasSizeLessThanOrEqualTo(maximum);
        assertThat(found.leases().values())
                .as("leases of %s", tenant)
                .allMatch(end -> end.isBefore(
                        clock.instant().plus(Topology.WORKER.timeout()).plus(MARGIN)));
        assertThat(held(tenant))
                .as("the count of %s", found)
                .isEqualTo(found.leases().size());
    }

    private int held(String tenant) {
        AttributeValue held = table.getItem(get -> get.tableName(Topology.ENDPOINTS.name())
                        .consistentRead(true)
                        .key(DynamoDbKey.endpoint("tenant/" + tenant, "slots")))
                .item()
                .get("held");
        return held == null ? 0 : Integer.parseInt(held.n());
    }

    /** The process's keeper, with a look at which of its claims are in flight. */
    SlotKeeper watched(SlotKeeper keeper, SimulatedProcess process) {
        return new SlotKeeper() {
            @Override
            public Optional<Instant> take(String tenant, String claimId, Instant leaseUntil, boolean hasWaited) {
                int faults = process.faults();
                Optional<Instant> fullUntil = keeper.take(tenant, claimId, leaseUntil, hasWaited);
                if (process.faults() != faults) {
                    hits.hit("perhaps without a slot");
                    blind.add(claimId);
                }
                if (fullUntil.isEmpty()) {
                    inFlight.put(claimId, new InFlight(tenant, leaseUntil, process));
                    checkInFlight(tenant);
                } else {
                    hits.hit("held back");
                }
                return fullUntil;
            }

            @Override
            public void give(String tenant, String claimId) {
                inFlight.remove(claimId);
                keeper.give(tenant, claimId);
            }
        };
    }

    private void checkInFlight(String tenant) {
        Instant now = clock.instant();
        inFlight.values().removeIf(claim -> claim.isOver(now));
        assertThat(inFlight.entrySet().stream()
                        .filter(claim -> claim.getValue().tenant().equals(tenant) && !blind.contains(claim.getKey())))
                .as("jobs of %s in flight", tenant)
                .hasSizeLessThanOrEqualTo(maximum);
    }

    /** A model is called under this claim. */
    void called(String tenant, String claimId) {
        assertThat(maximum == Integer.MAX_VALUE || blind.contains(claimId) || holds(tenant, claimId))
                .as("claim %s has a slot of %s", claimId, tenant)
                .isTrue();
    }

    /** The claim has ended, without any trouble. */
    void ended(String tenant, String claimId) {
        assertThat(!blind.contains(claimId) && holds(tenant, claimId))
                .as("claim %s, which has ended, still has a slot of %s", claimId, tenant)
                .isFalse();
    }

    private boolean holds(String tenant, String claimId) {
        return Optional.ofNullable(known.get(tenant))
                .filter(found -> found.leases().containsKey(claimId))
                .isPresent();
    }

    /** When all is over, whoever had a slot, all of them can be had again. */
    void checkNoneLeaked(String tenant, SlotKeeper keeper) {
        for (int slot = 0; slot < maximum; slot++) {
            assertThat(keeper.take(tenant, "last-" + slot, clock.instant().plusSeconds(60), true))
                    .as("slot %d of %s after all is over, which stands at %s", slot, tenant, known.get(tenant))
                    .isEmpty();
        }
    }
}
