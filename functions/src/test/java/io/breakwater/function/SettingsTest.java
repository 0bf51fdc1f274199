package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.breaker.RedisAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AWS_REGION", "us-east-1",
            "JOBS_TABLE", "jobs",
            "ENDPOINTS_TABLE", "endpoints",
            "RESULTS_BUCKET", "results",
            "JOB_QUEUE_URL", "http://127.0.0.1/queue"));

    @Test
    void breakersAreInDynamoDbUnlessARedisIsNamed() {
        assertThat(Settings.fromEnvironment(environment).redis()).isEmpty();

        environment.put("BREAKWATER_REDIS_URL", "redis://cache");

        assertThat(Settings.fromEnvironment(environment).redis()).contains(RedisAddress.parse("redis://cache"));
    }

    @Test
    void namesTheVariableThatIsMalformedAndShowsNoPassword() {
        environment.put("BREAKWATER_REDIS_URL", "http://:secret@cache");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.fromEnvironment(environment))
                .withMessageStartingWith("environment variable BREAKWATER_REDIS_URL is not of the form redis://")
                .withMessageNotContaining("secret");
    }
}
