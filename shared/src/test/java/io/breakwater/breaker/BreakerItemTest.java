package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BreakerItemTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    /** A key of generous length: an inference profile's ARN and the names of the key's attributes. */
    private static final int KEY_BYTES = 130;

    /** A write of up to 1 KB costs one unit, and every worker of the fleet makes it. */
    @ParameterizedTest
    @MethodSource("fullStates")
    void theHotItemStaysUnderAKilobyteAndIsReadAsItWasWritten(BreakerState state) {
        Map<String, AttributeValue> item = BreakerItem.attributes(state);

        assertThat(bytes(item) + KEY_BYTES).isLessThan(1024);
        assertThat(BreakerItem.state(item)).isEqualTo(state);
    }

    static Stream<BreakerState> fullStates() {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        IntStream.range(0, 30).forEach(bucket -> buckets.put(297_000_000L + bucket, new Counts(9_999, 9_999)));
        var held = new BreakerState.Slot.Held("0123456789abcdef", NOW);
        var outage = new BreakerState.Outage(NOW, Optional.of(FailureKind.SERVER_ERROR), 9);
        return Stream.of(
                new BreakerState.Closed(
                        99_999,
                        NOW,
                        new Window(buckets, 9, Optional.of(FailureKind.SERVER_ERROR)),
                        Optional.empty(),
                        Optional.of(new Ramp(Duration.ofSeconds(10), 9_999))),
                new BreakerState.Closed(
                        99_999,
                        NOW,
                        Window.EMPTY,
                        Optional.of(new BreakerState.Pin("r".repeat(200), NOW)),
                        Optional.empty()),
                new BreakerState.Open(99_999, NOW, NOW, OpenReason.CONSECUTIVE_FAILURES, "d".repeat(200), outage),
                halfOpen(held, outage),
                halfOpen(new BreakerState.Slot.Succeeded(Duration.ofMillis(59_999)), outage));
    }

    private static BreakerState halfOpen(BreakerState.Slot slot, BreakerState.Outage outage) {
        return new BreakerState.HalfOpen(
                99_999,
                NOW,
                2,
                Collections.nCopies(10, slot),
                OpenReason.CONSECUTIVE_FAILURES,
                Duration.ofSeconds(10),
                outage);
    }

    /** As DynamoDB counts: names and texts in UTF-8, a number by two digits a byte and one more. */
    private static int bytes(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length()
                        + (entry.getValue().n() == null
                                ? entry.getValue().s().length()
                                : (entry.getValue().n().length() + 1) / 2 + 1))
                .sum();
    }
}
