package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.function.request.Api.Answer;
import io.breakwater.pacing.Measure;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRoutesTest {
    private static final String ENDPOINT = "/endpoints/us-east-1/claude-3-haiku";

    private final Api api = new Api();

    @Test
    void everyEndpointIsListedInTheChainsOrder() {
        Answer answer = api.get("/endpoints").send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("endpoints").findValuesAsText("model"))
                .containsExactly(
                        "claude-sonnet-4-5",
                        "claude-sonnet-4-5",
                        "claude-3-sonnet",
                        "claude-3-sonnet",
                        "claude-3-haiku",
                        "claude-3-haiku");
        assertThat(answer.json().path("endpoints").findValuesAsText("state")).containsOnly("CLOSED", "HEALTHY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-3-haiku", "anthropic.claude-3-haiku-20240307-v1:0"})
    void anEndpointIsFoundByAliasOrId(String model) {
        Answer answer = api.get("/endpoints/us-east-1/" + model).send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("endpoint").asText())
                .isEqualTo("us-east-1/anthropic.claude-3-haiku-20240307-v1:0");
        assertThat(answer.json().path("tiers").toString()).isEqualTo("[\"emergency\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/endpoints/eu-west-1/claude-3-haiku", "/endpoints/us-east-1/gpt"})
    void anUnknownEndpointIsNotFound(String path) {
        assertThat(api.get(path).send().status()).isEqualTo(404);
        assertThat(api.put(path + "/override", "{\"state\":\"NONE\"}").send().status())
                .isEqualTo(404);
    }

    @Test
    void anEndpointThatTheFleetPacesTellsItsPace() {
        api.pace("us-east-1/anthropic.claude-3-haiku-20240307-v1:0", Measure.TOKENS, 120_000.4);

        JsonNode paced = api.get(ENDPOINT).send().json();

        assertThat(paced.path("state").asText()).isEqualTo("CLOSED");
        assertThat(paced.path("pace"))
                .hasToString(
                        "{\"tokensPerMinute\":120000,\"demandPerMinute\":0,\"since\":\"2026-11-24T12:00:00.123456Z\"}");
        assertThat(api.get("/endpoints").send().json().path("endpoints").findValues("pace"))
                .containsExactly(paced.path("pace"));
    }

    @Test
    void anOperatorForcesAnEndpointOpenForAWhile() {
        Answer answer = api.put(ENDPOINT + "/override", """
            {"state":"OPEN","reason":"maintenance","ttlSeconds":600}\
            """).send();

        assertThat(answer.status()).isEqualTo(200);
        JsonNode endpoint = api.get(ENDPOINT).send().json();
        assertThat(endpoint.path("state").asText()).isEqualTo("OPEN");
        assertThat(endpoint.path("override").toString())
                .isEqualTo("{\"state\":\"OPEN\",\"reason\":\"maintenance (" + Api.ALICE
                        + ")\",\"until\":\"2026-11-24T12:10:00.123Z\"}");
        assertThat(endpoint.path("history")).hasSize(1);
        assertThat(answer.json()).isEqualTo(endpoint);
    }

    @Test
    void anOverrideLastsAnHourUnlessToldOtherwise() {
        Answer answer = api.put(ENDPOINT + "/override", "{\"state\":\"CLOSED\",\"reason\":\"known good\"}")
                .send();

        assertThat(answer.json().path("override").path("until").asText()).isEqualTo("2026-11-24T13:00:00.123Z");
    }

    @Test
    void anOverrideIsLifted() {
        api.put(ENDPOINT + "/override", "{\"state\":\"CLOSED\",\"reason\":\"known good\"}")
                .send();

        Answer answer = api.put(ENDPOINT + "/override", "{\"state\":\"NONE\"}").send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().has("override")).isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void everyViolationOfAnOverrideIsNamed(String body, List<String> violations) {
        Answer answer = api.put(ENDPOINT + "/override", body).send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violations()).containsExactlyInAnyOrderElementsOf(violations);
        assertThat(api.get(ENDPOINT).send().json().has("override")).isFalse();
    }

    static Stream<Arguments> everyViolationOfAnOverrideIsNamed() {
        return Stream.of(
                arguments("{}", List.of("state: is required")),
                arguments("[]", List.of(": must be an object, was an array")),
                arguments("{\"state\":\"OPEN\"}", List.of("reason: is required with the state OPEN")),
                arguments(
                        "{\"state\":\"HALF_OPEN\",\"reason\":\"x\"}",
                        List.of("state: must be one of OPEN, CLOSED, NONE, was \"HALF_OPEN\"")),
                arguments(
                        "{\"state\":\"OPEN\",\"reason\":\" \",\"ttlSeconds\":0,\"ttl\":5}",
                        List.of(
                                "reason: must not be blank",
                                "ttlSeconds: must be at least 1, was 0",
                                "ttl: is not a known field")),
                arguments(
                        "{\"state\":\"CLOSED\",\"reason\":\"" + "x".repeat(201) + "\",\"ttlSeconds\":86401}",
                        List.of(
                                "reason: must have at most 200 characters, has 201",
                                "ttlSeconds: must be at most 86400, was 86401")));
    }
}
