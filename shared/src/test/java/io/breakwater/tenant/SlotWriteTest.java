package io.breakwater.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The expressions word by word: what DynamoDB is asked is what makes the limit hold. */
class SlotWriteTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000);
    private static final Instant LEASE = Instant.ofEpochMilli(306_000);

    @Test
    void aSlotIsTakenIfThereIsOneAndTheClaimHasNone() {
        SlotWrite write = SlotWrite.of(new SlotStep.Take("c", LEASE, List.of(), 3, 3, NOW));

        assertThat(write.update()).isEqualTo("SET #slot = :leaseUntil, expiresAt = :expiresAt ADD held :change");
        assertThat(write.condition())
                .isEqualTo("attribute_not_exists(#slot) AND (attribute_not_exists(held) OR held < :maximum)");
        assertThat(write.names()).isEqualTo(Map.of("#slot", "slot#c"));
        assertThat(write.values())
                .isEqualTo(Map.of(
                        ":leaseUntil", fromN("306000"),
                        ":expiresAt", fromN("86706"),
                        ":change", fromN("1"),
                        ":maximum", fromN("3")));
    }

    @Test
    void whoHasNotWaitedLeavesSlotsToTheLine() {
        SlotWrite write = SlotWrite.of(new SlotStep.Take("c", LEASE, List.of(), 3, 2, NOW));

        assertThat(write.condition())
                .isEqualTo("attribute_not_exists(#slot) AND (attribute_not_exists(held) OR held < :withLine"
                        + " OR (held < :maximum AND (attribute_not_exists(lineEnd) OR lineEnd <= :now)))");
        assertThat(write.values()).containsEntry(":withLine", fromN("2")).containsEntry(":now", fromN("1000"));
    }

    @Test
    void slotsThatAreOverAreTakenAwayIfTheyStillStandAndAreStillOver() {
        SlotWrite write = SlotWrite.of(new SlotStep.Take("c", LEASE, List.of("d", "e"), 3, 3, NOW));

        assertThat(write.update())
                .isEqualTo("SET #slot = :leaseUntil, expiresAt = :expiresAt ADD held :change"
                        + " REMOVE #expired0, #expired1");
        assertThat(write.condition())
                .isEqualTo("attribute_not_exists(#slot) AND (attribute_not_exists(held) OR held < :maximum)"
                        + " AND #expired0 <= :now AND #expired1 <= :now");
        assertThat(write.names()).isEqualTo(Map.of("#slot", "slot#c", "#expired0", "slot#d", "#expired1", "slot#e"));
        assertThat(write.values()).containsEntry(":change", fromN("-1")).containsEntry(":maximum", fromN("5"));
    }

    @Test
    void aSlotIsGivenBackOnce() {
        SlotWrite write = SlotWrite.of(new SlotStep.Give("c", Duration.ofMillis(1_500)));

        assertThat(write.update()).isEqualTo("SET typicalHold = :hold REMOVE #slot ADD held :minusOne");
        assertThat(write.condition()).isEqualTo("attribute_exists(#slot)");
        assertThat(write.values()).isEqualTo(Map.of(":hold", fromN("1500"), ":minusOne", fromN("-1")));
    }

    @Test
    void aTurnFollowsTheLastOneOrBeginsALine() {
        SlotStep.JoinLine join = new SlotStep.JoinLine(Duration.ofMillis(500), NOW);

        assertThat(SlotWrite.extendLine(join).update())
                .isEqualTo("SET lineEnd = lineEnd + :interval, held = if_not_exists(held, :zero),"
                        + " expiresAt = :expiresAt");
        assertThat(SlotWrite.extendLine(join).condition()).isEqualTo("lineEnd > :now");
        assertThat(SlotWrite.startLine(join).update())
                .isEqualTo("SET lineEnd = :first, held = if_not_exists(held, :zero), expiresAt = :expiresAt");
        assertThat(SlotWrite.startLine(join).condition()).isEqualTo("attribute_not_exists(lineEnd) OR lineEnd <= :now");
        assertThat(SlotWrite.startLine(join).values()).containsEntry(":first", fromN("1500"));
    }
}
