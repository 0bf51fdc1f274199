package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.breakwater.function.request.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadSubmissionTest {
    private final Api api = new Api();

    @AfterEach
    void nothingIsStoredOrSent() {
        assertThat(api.stored()).isEmpty();
        assertThat(api.sent()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyViolationIsNamed(String body, List<String> violations) {
        Answer answer = api.post("/jobs", body).send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:breakwater:problem:invalid-request");
        assertThat(answer.violations()).containsExactlyInAnyOrderElementsOf(violations);
    }

    static Stream<Arguments> everyViolationIsNamed() {
        return Stream.of(
                row("{}", "prompt: is required, or messages in its place"),
                row("[]", ": must be an object, was an array"),
                row("\"hello\"", ": must be an object, was a string"),
                row("null", ": must be an object, was null"),
                row("{'prompt':''}", "prompt: must not be blank"),
                row("{'prompt':' \\n\\t '}", "prompt: must not be blank"),
                row("{'prompt':7}", "prompt: must be a string, was a number"),
                row("{'prompt':null}", "prompt: must be a string, was null"),
                row(
                        "{'prompt':'x','messages':[{'role':'user','content':'x'}]}",
                        "messages: must not be given together with prompt"),
                row("{'messages':[]}", "messages: must not be empty"),
                row("{'messages':'x'}", "messages: must be an array, was a string"),
                row("{'messages':[7]}", "messages[0]: must be an object, was a number"),
                row("{'messages':[{}]}", "messages[0].role: is required", "messages[0].content: is required"),
                row(
                        "{'messages':[{'role':'system','content':'x','name':'y'}]}",
                        "messages[0].role: must be one of user, assistant, was \"system\"",
                        "messages[0].name: is not a known field"),
                row("{'messages':[{'role':'user','content':' '}]}", "messages[0].content: must not be blank"),
                row(
                        "{'messages':[{'role':'user','content':[{'text':'x'}]}]}",
                        "messages[0].content: must be a string, was an array"),
                row(
                        "{'messages':[{'role':'assistant','content':'x'}]}",
                        "messages[0].role: must be user: the user begins, and roles alternate"),
                row(
                        "{'messages':[{'role':'user','content':'x'},{'role':'user','content':'y'}]}",
                        "messages[1].role: must be assistant: the user begins, and roles alternate"),
                row(
                        "{'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'y'}]}",
                        "messages[1].role: must be user: the user has the last word"),
                row(
                        "{'promt':'x'}",
                        "promt: is not a known field; did you mean \"prompt\"?",
                        "prompt: is required, or messages in its place"),
                row("{'prompt':'x','maxtokens':1}", "maxtokens: is not a known field; did you mean \"maxTokens\"?"),
                row("{'prompt':'x','model':'gpt'}", "model: is not a known field"),
                row("{'prompt':'x','tenant':'bob'}", "tenant: is not a known field"),
                row("{'prompt':'x','system':''}", "system: must not be blank"),
                row("{'prompt':'x','maxTokens':0}", "maxTokens: must be at least 1, was 0"),
                row("{'prompt':'x','maxTokens':-5}", "maxTokens: must be at least 1, was -5"),
                row("{'prompt':'x','maxTokens':128001}", "maxTokens: must be at most 128000, was 128001"),
                row(
                        "{'prompt':'x','maxTokens':99999999999999999999}",
                        "maxTokens: must be at most 128000, was 99999999999999999999"),
                row("{'prompt':'x','maxTokens':1.5}", "maxTokens: must be an integer, was a number"),
                row("{'prompt':'x','maxTokens':'10'}", "maxTokens: must be an integer, was a string"),
                row("{'prompt':'x','temperature':-0.1}", "temperature: must be at least 0, was -0.1"),
                row("{'prompt':'x','temperature':1.01}", "temperature: must be at most 1, was 1.01"),
                row("{'prompt':'x','temperature':'hot'}", "temperature: must be a number, was a string"),
                row("{'prompt':'x','stopSequences':'x'}", "stopSequences: must be an array, was a string"),
                row(
                        "{'prompt':'x','stopSequences':['ok','',5,'" + "y".repeat(101) + "']}",
                        "stopSequences[1]: must not be blank",
                        "stopSequences[2]: must be a string, was a number",
                        "stopSequences[3]: must have at most 100 characters, has 101"),
                row(
                        "{'prompt':'x','stopSequences':[" + repeated("'s'", 17) + "]}",
                        "stopSequences: must have at most 16 items, has 17"),
                row("{'prompt':'x','allowDegraded':'yes'}", "allowDegraded: must be a boolean, was a string"),
                row(
                        "{'prompt':'x','whenUnavailable':'QUEUE'}",
                        "whenUnavailable: must be one of queue, fail, was \"QUEUE\""),
                row("{'prompt':'x','deadlineSeconds':0}", "deadlineSeconds: must be at least 1, was 0"),
                row("{'prompt':'x','deadlineSeconds':604801}", "deadlineSeconds: must be at most 604800, was 604801"),
                row("{'prompt':'x','metadata':[]}", "metadata: must be an object, was an array"),
                row(
                        "{'prompt':'x','metadata':{'a':1,'b':{},'c':'" + "y".repeat(257) + "'}}",
                        "metadata.a: must be a string, was a number",
                        "metadata.b: must be a string, was an object",
                        "metadata.c: must have at most 256 characters, has 257"),
                row("{'prompt':'x','metadata':{'':'v'}}", "metadata.: must be a name of 1 to 64 characters"),
                row(
                        "{'prompt':'x','metadata':{"
                                + IntStream.range(0, 17)
                                        .mapToObj(i -> "'k" + i + "':'v'")
                                        .collect(Collectors.joining(","))
                                + "}}",
                        "metadata: must have at most 16 entries, has 17"),
                row(
                        "{'prompt':'','maxTokens':-1,'temperature':9,'colour':'red'}",
                        "prompt: must not be blank",
                        "maxTokens: must be at least 1, was -1",
                        "temperature: must be at most 1, was 9",
                        "colour: is not a known field"),
                row(
                        "{'prompt':'a\\ud800b','metadata':{'\\udc00':'\\ude00'}}",
                        "prompt: must be valid Unicode, holds half of a surrogate pair",
                        "metadata.?: must have a valid Unicode name, holds half of a surrogate pair",
                        "metadata.?: must be valid Unicode, holds half of a surrogate pair"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatIsNoJsonIsRefusedWithItsPlace(String body, String detail) {
        Answer answer = api.post("/jobs", body).send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:breakwater:problem:malformed-body");
        assertThat(answer.json().path("detail").asText()).startsWith(detail);
    }

    static Stream<Arguments> whatIsNoJsonIsRefusedWithItsPlace() {
        return Stream.of(
                arguments("", "the body is empty"),
                arguments("  \n", "the body is empty"),
                arguments("hello", "the body is not JSON at line 1, column 1: Unrecognized token 'hello'"),
                arguments(
                        "{\"prompt\":\n\"x\",}", "the body is not JSON at line 2, column 5: Unexpected character ('}'"),
                arguments("{\"prompt\":\"x\"", "the body is not JSON at line 1, column 14: Unexpected end-of-input"),
                arguments("{\"prompt\":\"x\"} {}", "the body is not JSON at line 1, column 16: Trailing token"),
                arguments(
                        "{\"prompt\":\"x\",\"prompt\":\"y\"}",
                        "the body is not JSON at line 1, column 23: Duplicate field 'prompt'"),
                arguments("{\"prompt\":\"a\u0001b\"}", "the body is not JSON at line 1, column 13: Illegal unquoted"),
                arguments(
                        "{\"temperature\":NaN}", "the body is not JSON at line 1, column 19: Non-standard token 'NaN'"),
                arguments(nested(31), "the body is not JSON at line 1, column 156: Unexpected"),
                arguments(nested(10_000), "the body is nested deeper than 32 levels"),
                arguments(
                        "{\"maxTokens\":" + "9".repeat(2000) + "}",
                        "the body holds a name or a number that is too long"));
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] body = "{\"prompt\":\"Zo\u00eb\"}".getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = api.post("/jobs", Base64.getEncoder().encodeToString(body))
                .base64()
                .send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText()).isEqualTo("the body is not valid UTF-8");
    }

    @Test
    void aBodyThatClaimsToBeBase64AndIsNotIsRefused() {
        assertThat(api.post("/jobs", "{\"prompt\":\"x\"}").base64().send().status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {Request.MAX_BODY_BYTES + 1, 2 * 1024 * 1024})
    void aBodyAboveTheLimitIsRefused(int bytes) {
        String body = "{\"prompt\":\"" + "x".repeat(bytes - 13) + "\"}";

        assertThat(api.post("/jobs", body).send().status()).isEqualTo(413);
        assertThat(api.post("/jobs", Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)))
                        .base64()
                        .send()
                        .status())
                .isEqualTo(413);
    }

    @Test
    void theLimitIsInBytesNotCharacters() {
        String body = "{\"prompt\":\"" + "漢".repeat(400_000) + "\"}";

        assertThat(api.post("/jobs", body).send().status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""})
    void onlyJsonIsTaken(String contentType) {
        Answer answer = api.post("/jobs", "{\"prompt\":\"x\"}")
                .header("content-type", contentType)
                .send();

        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void ofVeryManyViolationsTheFirstHundredAreNamed() {
        Answer answer = api.post("/jobs", "{\"messages\":[" + repeated("{}", 200_000) + "]}")
                .send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violations()).hasSizeBetween(100, 110);
        assertThat(answer.body()).hasSizeLessThan(20_000);
    }

    private static Arguments row(String body, String... violations) {
        return arguments(body.replace('\'', '"'), List.of(violations));
    }

    private static String repeated(String element, int times) {
        return String.join(",", java.util.Collections.nCopies(times, element));
    }

    private static String nested(int levels) {
        return "{\"a\":".repeat(levels);
    }
}
