package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EndpointOrderTest {
    private static final Endpoint EAST = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final long SEED = 7;
    private static final int DRAWS = 20_000;

    private final EndpointOrder order = new EndpointOrder(new Random(SEED));

    @Test
    void withoutWeightsTheListedOrderStands() {
        order.answered(EAST, Duration.ofMinutes(1));
        order.answered(WEST, Duration.ofMillis(1));

        assertThat(order.of(new Tier("primary", List.of(EAST, WEST), 100, false)))
                .containsExactly(EAST, WEST);
    }

    @Test
    void anEndpointComesFirstAsOftenAsItsWeightSays() {
        assertThat(shareOfEast(Map.of(EAST, 3, WEST, 1))).isCloseTo(0.75, within(0.02));
    }

    @Test
    void anEndpointWithoutAWeightHasOne() {
        assertThat(shareOfEast(Map.of(EAST, 4))).isCloseTo(0.8, within(0.02));
    }

    @Test
    void aSlowerEndpointCountsLess() {
        order.answered(EAST, Duration.ofSeconds(10));
        order.answered(WEST, Duration.ofSeconds(5));

        assertThat(shareOfEast(Map.of(EAST, 1, WEST, 1))).isCloseTo(1.0 / 3, within(0.02));
    }

    @Test
    void theSlowestKeepsAQuarterOfItsWeight() {
        order.answered(EAST, Duration.ofSeconds(100));
        order.answered(WEST, Duration.ofSeconds(1));

        assertThat(shareOfEast(Map.of(EAST, 1, WEST, 1))).isCloseTo(0.2, within(0.02));
    }

    @Test
    void everyEndpointIsInTheOrderOnce() {
        assertThat(order.of(new Tier("primary", List.of(EAST, WEST), Map.of(EAST, 1000), 100, false)))
                .containsExactlyInAnyOrder(EAST, WEST);
    }

    private double shareOfEast(Map<Endpoint, Integer> weights) {
        Tier tier = new Tier("primary", List.of(EAST, WEST), weights, 100, false);
        int first = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            first += order.of(tier).getFirst().equals(EAST) ? 1 : 0;
        }
        return (double) first / DRAWS;
    }
}
