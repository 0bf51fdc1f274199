package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.breakwater.json.Json;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private static final String ID = "[0-7][0-9a-hjkmnp-tv-z]{25}";

    @Test
    void aRandomIdIs26CharactersOfCrockfordsBase32() {
        RandomGenerator random = new SplittableRandom(1);
        assertThat(Stream.generate(() -> JobIds.random(random)).limit(1_000))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches(ID));
    }

    @Test
    void allBitsOfARandomIdAreUsed() {
        assertThat(JobIds.random(bits(0x00))).isEqualTo("0".repeat(26));
        assertThat(JobIds.random(bits(0xFF))).isEqualTo("7" + "z".repeat(25));
        assertThat(JobIds.random(bits(0x01))).isEqualTo("01040g2081040g2081040g2081");
    }

    @Test
    void aKeyedIdIsTheSameForTheSameTenantAndKey() {
        assertThat(JobIds.keyed("tenant", "key"))
                .matches(ID)
                .isEqualTo(JobIds.keyed("tenant", "key"))
                .isEqualTo("7gwzac7h2xdpg3q3b3ha6be1sx");
    }

    @Test
    void aKeyedIdDiffersWithTenantAndKeyAndWhereOneEndsAndTheOtherBegins() {
        assertThat(Stream.of(
                        JobIds.keyed("tenant", "key"),
                        JobIds.keyed("tenan", "tkey"),
                        JobIds.keyed("tenant", "key2"),
                        JobIds.keyed("tenant2", "key"),
                        JobIds.keyed("key", "tenant")))
                .doesNotHaveDuplicates();
    }

    @Test
    void theBodyHashIsOfWhatIsAskedNotOfHowItIsWritten() throws JsonProcessingException {
        // Given
        JobRequest one = request("""
            {"messages":[{"role":"USER","content":"hi"}],"stopSequences":[],"allowDegraded":true,
             "whenUnavailable":"QUEUE","deadlineSeconds":60,"metadata":{"a":"1","b":"2"}}\
            """);
        JobRequest same = request("""
            {"metadata":{"b":"2","a":"1"}, "deadlineSeconds":60, "whenUnavailable":"QUEUE", "system":null,
             "allowDegraded":true, "stopSequences":[], "messages":[{"content":"hi","role":"USER"}]}\
            """);
        JobRequest other = request("""
            {"messages":[{"role":"USER","content":"hi!"}],"stopSequences":[],"allowDegraded":true,
             "whenUnavailable":"QUEUE","deadlineSeconds":60,"metadata":{"a":"1","b":"2"}}\
            """);

        // When, then
        assertThat(JobIds.bodyHash(one)).hasSize(64).isEqualTo(JobIds.bodyHash(same));
        assertThat(JobIds.bodyHash(one)).isNotEqualTo(JobIds.bodyHash(other));
    }

    private static JobRequest request(String json) throws JsonProcessingException {
        return Json.MAPPER.readValue(json, JobRequest.class);
    }

    private static RandomGenerator bits(int value) {
        return new RandomGenerator() {
            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) value);
            }

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
