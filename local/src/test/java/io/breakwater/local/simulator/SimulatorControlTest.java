package io.breakwater.local.simulator;

import static io.breakwater.local.simulator.Simulated.OREGON;
import static io.breakwater.local.simulator.Simulated.SONNET;
import static io.breakwater.local.simulator.Simulated.VIRGINIA;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorControlTest {
    private final Simulated simulated =
            new Simulated(SimulatorSettings.seeded(1).withAliases(Map.of(SONNET, "sonnet")));

    @AfterEach
    void stop() {
        simulated.close();
    }

    @Test
    void aFaultIsAnsweredWithTheActiveOnes() {
        SimulatorControl.Response response = setFault("""
            {"region":"us-east-1","model":"*","fault":"THROTTLE","probability":0.5,"durationSeconds":60}\
            """);

        assertThat(response).isEqualTo(new SimulatorControl.Response(200, "application/json", """
            {"faults":[{"region":"us-east-1","model":"*","fault":"THROTTLE","probability":0.5,\
            "expiresAt":"2026-11-24T12:01:00Z"}]}\
            """));
        assertThat(simulated.control("GET", "/simulator/faults", "")).isEqualTo(response);
    }

    @Test
    void aFaultEndsWithItsDuration() {
        // Given
        setFault("{\"fault\":\"THROTTLE\",\"durationSeconds\":60}");
        simulated.clock.advance(Duration.ofSeconds(59));
        assertThat(simulated.call(VIRGINIA, "hello")).isInstanceOf(ModelResult.Failure.class);

        // When
        simulated.clock.advance(Duration.ofSeconds(1));

        // Then
        assertThat(simulated.call(VIRGINIA, "hello")).isInstanceOf(ModelResult.Reply.class);
        assertThat(simulated.control("GET", "/simulator/faults", "").body()).isEqualTo("{\"faults\":[]}");
    }

    @Test
    void removingTheFaultsEndsThem() {
        // Given
        setFault("{\"fault\":\"THROTTLE\"}");

        // When
        SimulatorControl.Response response = simulated.control("DELETE", "/simulator/faults", "");

        // Then
        assertThat(response.status()).isEqualTo(204);
        assertThat(simulated.call(VIRGINIA, "hello")).isInstanceOf(ModelResult.Reply.class);
    }

    @Test
    void theLastFaultSetForATargetWins() {
        // Given
        setFault("{\"region\":\"us-east-1\",\"fault\":\"THROTTLE\"}");

        // When
        setFault("{\"fault\":\"UNAVAILABLE\"}");

        // Then
        assertThat(kind(simulated.call(VIRGINIA, "hello"))).isEqualTo(FailureKind.SERVER_ERROR);
        assertThat(kind(simulated.call(OREGON, "hello"))).isEqualTo(FailureKind.SERVER_ERROR);
    }

    @Test
    void settingAFaultAgainReplacesIt() {
        // Given
        setFault("{\"fault\":\"THROTTLE\"}");

        // When
        setFault("{\"fault\":\"THROTTLE\",\"probability\":0}");

        // Then
        assertThat(simulated.call(VIRGINIA, "hello")).isInstanceOf(ModelResult.Reply.class);
        assertThat(simulated.control("GET", "/simulator/faults", "").body()).containsOnlyOnce("THROTTLE");
    }

    @ParameterizedTest
    @CsvSource({"sonnet,true", SONNET + ",true", "haiku,false"})
    void aModelIsNamedByAliasOrId(String model, boolean hit) {
        // Given
        setFault("{\"model\":\"" + model + "\",\"fault\":\"THROTTLE\"}");

        // When
        ModelResult result = simulated.call(VIRGINIA, "hello");

        // Then
        assertThat(result instanceof ModelResult.Failure).isEqualTo(hit);
    }

    @Test
    void callsAreCountedByRegionModelAndOutcome() {
        // Given
        simulated.call(VIRGINIA, "hello");
        simulated.call(OREGON, "hello");
        setFault("{\"region\":\"us-east-1\",\"fault\":\"THROTTLE\"}");
        simulated.call(VIRGINIA, "hello");

        // When
        SimulatorControl.Response stats = simulated.control("GET", "/simulator/stats", "");

        // Then
        assertThat(stats).isEqualTo(new SimulatorControl.Response(200, "application/json", """
            {"calls":3,"endpoints":[\
            {"region":"us-east-1","model":"%1$s","outcomes":{"SUCCESS":1,"THROTTLE":1},"calls":2},\
            {"region":"us-west-2","model":"%1$s","outcomes":{"SUCCESS":1},"calls":1}]}\
            """.formatted(SONNET)));

        // When
        SimulatorControl.Response reset = simulated.control("DELETE", "/simulator/stats", "");

        // Then
        assertThat(reset.status()).isEqualTo(204);
        assertThat(simulated.control("GET", "/simulator/stats", "").body()).isEqualTo("{\"calls\":0,\"endpoints\":[]}");
    }

    @Test
    void latencyIsSetWhileItRuns() {
        // When
        SimulatorControl.Response response =
                simulated.control("PUT", "/simulator/latency", "{\"medianMillis\":60000,\"p99Millis\":60000}");

        // Then
        assertThat(response.status()).isEqualTo(200);
        assertThat(kind(simulated.models.call(VIRGINIA, Simulated.request("hello", 10), Duration.ofMillis(200))))
                .isEqualTo(FailureKind.TIMEOUT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /simulator/faults  | not json                                | body: is not JSON
        /simulator/faults  | []                                      | body: must be a JSON object
        /simulator/faults  | {}                                      | fault: must be one of THROTTLE, DAILY_QUOTA,
        /simulator/faults  | {"fault":"throttle"}                    | MALFORMED, was \\"throttle\\"
        /simulator/faults  | {"fault":"DROP","probability":2}        | probability: must be a number from 0 to 1, was 2
        /simulator/faults  | {"fault":"DROP","durationSeconds":0}    | durationSeconds: must be a whole number, at least 1, was 0
        /simulator/faults  | {"fault":"DROP","durationSeconds":"1"}  | durationSeconds: must be a whole number
        /simulator/faults  | {"fault":"DROP","retryAfterSeconds":-1} | retryAfterSeconds: must be a whole number, at least 0, was -1
        /simulator/faults  | {"fault":"DROP","region":7}             | region: must be a non-empty string, was 7
        /simulator/faults  | {"fault":"DROP","reigon":"x"}           | reigon: is unknown; the fields are region, model,
        /simulator/latency | {}                                      | medianMillis: is missing
        /simulator/latency | {"medianMillis":5,"p99Millis":1}        | p99Millis: must be at least medianMillis
        /simulator/quota   | {"tokensPerDay":1.5}                    | tokensPerDay: must be a whole number
        """)
    void badInputIsAProblemThatNamesWhatIsWrong(String path, String body, String complaint) {
        SimulatorControl.Response response = simulated.control("PUT", path, body);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.contentType()).isEqualTo("application/problem+json");
        assertThat(response.body()).contains(complaint);
    }

    @Test
    void everyViolationIsNamed() {
        assertThat(setFault("{\"fault\":\"NONE\",\"probability\":-1,\"x\":1}").body())
                .contains("fault: must be one of", "probability: must be", "x: is unknown");
    }

    @ParameterizedTest
    @CsvSource({"POST,/simulator/faults,405", "GET,/simulator/latency,405", "GET,/simulator,404", "GET,/,404"})
    void otherMethodsAndPathsAreRefused(String method, String path, int status) {
        SimulatorControl.Response response = simulated.control(method, path, "");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.contentType()).isEqualTo("application/problem+json");
    }

    private SimulatorControl.Response setFault(String body) {
        return simulated.control("PUT", "/simulator/faults", body);
    }

    private static FailureKind kind(ModelResult result) {
        return ((ModelResult.Failure) result).kind();
    }
}
