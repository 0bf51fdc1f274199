package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins the conditions and updates as DynamoDB gets them: a change here is a change of the protocol. */
class BreakerWriteTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void countsByAddingToBucketsOfTheEpochAndRemovesOthers() {
        Tally tally = Tally.EMPTY.and(100, true).and(101, false);

        BreakerWrite write = BreakerWrite.of(new Step.Count(7, tally, List.of(80L)));

        assertThat(write.condition()).isEqualTo("epoch = :epoch");
        assertThat(write.update())
                .isEqualTo(
                        "SET epoch = :epoch, phase = :closed, streak = :streak ADD s100 :s100, f101 :f101 REMOVE s80,"
                                + " f80");
    }

    @Test
    void addsFailuresInARowWhenThereWasNoSuccess() {
        BreakerWrite write = BreakerWrite.of(new Step.Count(7, Tally.EMPTY.and(100, false), List.of()));

        assertThat(write.update()).isEqualTo("SET epoch = :epoch, phase = :closed ADD f100 :f100, streak :streak");
    }

    @Test
    void theFirstEpochIsThatOfAnItemNeverWritten() {
        assertThat(BreakerWrite.epochStands(0)).isEqualTo("(attribute_not_exists(epoch) OR epoch = :epoch)");
        assertThat(BreakerWrite.epochStands(1)).isEqualTo("epoch = :epoch");
    }

    @Test
    void grantsASlotThatIsFreeOrExpiredOrAlreadyThisPermits() {
        BreakerState.Slot.Held grant = new BreakerState.Slot.Held("permit", NOW.plusSeconds(10));

        BreakerWrite write = BreakerWrite.of(new Step.GrantSlot(7, 2, grant, NOW));

        assertThat(write.condition())
                .isEqualTo("epoch = :epoch AND (attribute_not_exists(slot2) OR slot2 = :permit OR slot2Until <= :now)");
        assertThat(write.update()).isEqualTo("SET slot2 = :permit, slot2Until = :until");
    }

    @Test
    void settlesASlotOnlyForThePermitThatHoldsIt() {
        BreakerWrite succeeded = BreakerWrite.of(new Step.SettleSlot(7, 2, "permit", true));
        BreakerWrite ignored = BreakerWrite.of(new Step.SettleSlot(7, 2, "permit", false));

        assertThat(succeeded.condition()).isEqualTo("epoch = :epoch AND slot2 = :permit");
        assertThat(succeeded.update()).isEqualTo("SET slot2 = :ok REMOVE slot2Until");
        assertThat(ignored.condition()).isEqualTo("epoch = :epoch AND slot2 = :permit");
        assertThat(ignored.update()).isEqualTo("REMOVE slot2, slot2Until");
    }
}
