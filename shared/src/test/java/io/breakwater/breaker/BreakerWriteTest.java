package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Pins the conditions and updates as DynamoDB gets them: a change here is a change of the protocol. */
class BreakerWriteTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void countsByAddingToBucketsOfTheEpochAndRemovesOthers() {
        Tally tally = new Tally(
                new TreeMap<>(Map.of(100L, new Counts(3, 0), 101L, new Counts(-1, 2))),
                true,
                2,
                Optional.of(FailureKind.THROTTLED));

        BreakerWrite write = BreakerWrite.of(new Step.Count(7, tally, List.of(80L)));

        assertThat(write.condition()).isEqualTo("epoch = :epoch");
        assertThat(write.update())
                .isEqualTo("SET epoch = :epoch, phase = :closed, streak = :streak, failureKind = :kind"
                        + " ADD c100 :c100, c101 :c101, f101 :f101 REMOVE c80, f80");
        assertThat(write.values()).containsEntry(":c101", BreakerItem.number(-1));
    }

    @Test
    void addsFailuresInARowWhenThereWasNoSuccess() {
        Tally tally =
                new Tally(new TreeMap<>(Map.of(100L, new Counts(0, 1))), false, 1, Optional.of(FailureKind.TIMEOUT));

        BreakerWrite write = BreakerWrite.of(new Step.Count(7, tally, List.of()));

        assertThat(write.update())
                .isEqualTo("SET epoch = :epoch, phase = :closed, failureKind = :kind ADD f100 :f100, streak :streak");
    }

    @Test
    void tellsOfASuccessAloneByEndingTheRow() {
        BreakerWrite write =
                BreakerWrite.of(new Step.Count(7, new Tally(new TreeMap<>(), true, 0, Optional.empty()), List.of()));

        assertThat(write.update()).isEqualTo("SET epoch = :epoch, phase = :closed, streak = :streak");
    }

    @Test
    void reservesOnlyBelowTheRampsLimit() {
        BreakerWrite write = BreakerWrite.of(new Step.Reserve(7, 4, 30));

        assertThat(write.condition()).isEqualTo("epoch = :epoch AND rampReserved <= :most");
        assertThat(write.update()).isEqualTo("ADD rampReserved :calls");
        assertThat(write.values()).containsEntry(":most", BreakerItem.number(26));
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
        BreakerWrite succeeded = BreakerWrite.of(
                new Step.SettleSlot(7, 2, "permit", new BreakerState.Slot.Succeeded(Duration.ofMillis(1234))));
        BreakerWrite ignored = BreakerWrite.of(new Step.SettleSlot(7, 2, "permit", BreakerState.Slot.FREE));

        assertThat(succeeded.condition()).isEqualTo("epoch = :epoch AND slot2 = :permit");
        assertThat(succeeded.update()).isEqualTo("SET slot2 = :ok REMOVE slot2Until");
        assertThat(succeeded.values()).containsEntry(":ok", AttributeValue.fromS("ok 1234"));
        assertThat(ignored.condition()).isEqualTo("epoch = :epoch AND slot2 = :permit");
        assertThat(ignored.update()).isEqualTo("REMOVE slot2, slot2Until");
    }
}
