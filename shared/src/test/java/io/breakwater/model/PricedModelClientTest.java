package io.breakwater.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricedModelClientTest {
    private static final PriceList PRICES = new PriceList(
            Optional.of(LocalDate.of(2026, 9, 23)),
            Map.of("sonnet-id", new Price(new BigDecimal("3.3"), new BigDecimal("16.50"))));
    private static final ModelRequest REQUEST =
            new ModelRequest(List.of(new Message(Message.Role.USER, "hi")), null, 10, null, List.of());

    @ParameterizedTest
    @CsvSource({
        "14, 171, 0.0028677",
        "1, 0, 0.0000033",
        "0, 0, 0",
        "1000000, 1000000, 19.8",
        "0, 2000000000, 33000",
        "2147483647, 2147483647, 42520.1762106",
    })
    void aReplyCostsWhatItsTokensCostToTheLastDigit(int input, int output, String costUsd) {
        ModelResult result = call("sonnet-id", new ModelResult.Reply("hello", new Usage(input, output), "end_turn"));

        assertThat(result)
                .isEqualTo(
                        new ModelResult.Reply("hello", new Usage(input, output, new BigDecimal(costUsd)), "end_turn"));
    }

    @Test
    void aReplyOfAModelWithoutAPriceHasNoCost() {
        ModelResult.Reply reply = new ModelResult.Reply("hello", new Usage(14, 171), "end_turn");

        assertThat(call("other-id", reply)).isEqualTo(reply);
        assertThat(Json.write(reply.usage())).isEqualTo("{\"inputTokens\":14,\"outputTokens\":171}");
    }

    @Test
    void aFailureIsPassedOn() {
        ModelResult failure = new ModelResult.Failure(FailureKind.THROTTLED, "slow down", Duration.ofSeconds(3));

        assertThat(call("sonnet-id", failure)).isEqualTo(failure);
    }

    @Test
    void aCostIsWrittenAsAPlainDecimalAndReadAsItWas() {
        Usage usage = PRICES.priced("sonnet-id", new Usage(1, 0));

        String json = Json.write(usage);

        assertThat(json).isEqualTo("{\"inputTokens\":1,\"outputTokens\":0,\"costUsd\":0.0000033}");
        assertThat(Json.read(json, Usage.class)).isEqualTo(usage);
    }

    private static ModelResult call(String model, ModelResult result) {
        ModelClient client = new PricedModelClient((_, _, _) -> result, PRICES);
        return client.call(new Endpoint("us-east-1", model, "sonnet"), REQUEST, Duration.ofSeconds(1));
    }
}
