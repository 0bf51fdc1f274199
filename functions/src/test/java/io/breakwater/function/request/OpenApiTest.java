package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.function.request.Api.Answer;
import io.breakwater.function.request.Api.Call;
import io.breakwater.job.JobStatus;
import io.breakwater.pacing.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

class OpenApiTest {
    private static final String JOB = "{\"prompt\":\"x\"}";
    private static final String ENDPOINT = "/endpoints/us-east-1/claude-3-haiku";
    private static final String OVERRIDE = "{\"state\":\"OPEN\",\"reason\":\"test\"}";

    private final Api api = new Api();

    @Test
    void whatIsRoutedIsWhatIsDocumented() {
        List<String> documented = OpenApi.responses().stream()
                .map(response -> response.substring(0, response.lastIndexOf(' ')))
                .distinct()
                .toList();

        assertThat(api.function().routes()).containsExactlyInAnyOrderElementsOf(documented);
    }

    @TestFactory
    Stream<DynamicTest> everyDocumentedResponseIsServed() {
        Map<String, Consumer<Api>> calls = calls();
        assertThat(calls.keySet()).containsExactlyInAnyOrderElementsOf(OpenApi.responses());
        return calls.entrySet().stream()
                .map(call -> DynamicTest.dynamicTest(
                        call.getKey(), () -> call.getValue().accept(new Api())));
    }

    /** For each documented response a request that is answered so, and held against its schema on the way. */
    private static Map<String, Consumer<Api>> calls() {
        Map<String, Consumer<Api>> calls = new LinkedHashMap<>();
        calls.put("POST /jobs 202", api -> expect(202, api.post("/jobs", JOB)));
        calls.put("POST /jobs 400", api -> expect(400, api.post("/jobs", "{}")));
        calls.put("POST /jobs 413", api -> expect(413, api.post("/jobs", "x".repeat(2_000_000))));
        calls.put("POST /jobs 415", api -> expect(415, api.post("/jobs", JOB).header("content-type", "text/plain")));
        calls.put("POST /jobs 422", api -> {
            expect(202, api.post("/jobs", JOB).header("idempotency-key", "k"));
            expect(422, api.post("/jobs", "{\"prompt\":\"y\"}").header("idempotency-key", "k"));
        });
        calls.put("POST /jobs 429", api -> {
            api.reportBacklog(Duration.ofMinutes(2));
            expect(429, api.post("/jobs", JOB));
        });
        calls.put("GET /jobs 200", api -> {
            expect(202, api.post("/jobs", JOB));
            expect(200, api.get("/jobs"));
        });
        calls.put("GET /jobs 400", api -> expect(400, api.get("/jobs").query("limit", "0")));
        calls.put("GET /jobs/{id} 200", api -> {
            api.store(Jobs.succeeded("j", Api.ALICE));
            expect(200, api.get("/jobs/j"));
        });
        calls.put("GET /jobs/{id} 404", api -> expect(404, api.get("/jobs/j")));
        calls.put("DELETE /jobs/{id} 200", api -> {
            api.store(Jobs.queued("j", Api.ALICE));
            expect(200, api.delete("/jobs/j"));
        });
        calls.put("DELETE /jobs/{id} 404", api -> expect(404, api.delete("/jobs/j")));
        calls.put("DELETE /jobs/{id} 409", api -> {
            api.store(Jobs.with(Jobs.queued("j", Api.ALICE), JobStatus.EXPIRED, null));
            expect(409, api.delete("/jobs/j"));
        });
        calls.put("GET /jobs/{id}/result 302", api -> {
            api.store(Jobs.succeeded("j", Api.ALICE));
            expect(302, api.get("/jobs/j/result"));
        });
        calls.put("GET /jobs/{id}/result 404", api -> expect(404, api.get("/jobs/j/result")));
        calls.put("GET /jobs/{id}/result 409", api -> {
            api.store(Jobs.queued("j", Api.ALICE));
            expect(409, api.get("/jobs/j/result"));
        });
        calls.put("GET /endpoints 200", api -> {
            pace(api);
            expect(200, api.get("/endpoints"));
        });
        calls.put("GET /endpoints/{region}/{model} 200", api -> {
            pace(api);
            expect(200, api.get(ENDPOINT));
        });
        calls.put("GET /endpoints/{region}/{model} 404", api -> expect(404, api.get(ENDPOINT + "x")));
        String override = "PUT /endpoints/{region}/{model}/override ";
        calls.put(override + 200, api -> expect(200, api.put(ENDPOINT + "/override", OVERRIDE)));
        calls.put(override + 400, api -> expect(400, api.put(ENDPOINT + "/override", "{}")));
        calls.put(override + 404, api -> expect(404, api.put(ENDPOINT + "x/override", OVERRIDE)));
        calls.put(override + 413, api -> expect(413, api.put(ENDPOINT + "/override", "x".repeat(2_000_000))));
        calls.put(
                override + 415,
                api -> expect(415, api.put(ENDPOINT + "/override", OVERRIDE).header("content-type", "text/plain")));
        calls.put("GET /healthz 200", api -> expect(200, api.get("/healthz")));
        calls.put("GET /openapi.yaml 200", api -> expect(200, api.get("/openapi.yaml")));
        faults(calls);
        return calls;
    }

    private static void pace(Api api) {
        String id = "us-east-1/anthropic.claude-3-haiku-20240307-v1:0";
        api.pace(id, Measure.REQUESTS, 240);
    }

    private static void faults(Map<String, Consumer<Api>> calls) {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("POST /jobs", "/jobs");
        paths.put("GET /jobs", "/jobs");
        paths.put("GET /jobs/{id}", "/jobs/j");
        paths.put("DELETE /jobs/{id}", "/jobs/j");
        paths.put("GET /jobs/{id}/result", "/jobs/j/result");
        paths.put("GET /endpoints", "/endpoints");
        paths.put("GET /endpoints/{region}/{model}", ENDPOINT);
        paths.put("PUT /endpoints/{region}/{model}/override", ENDPOINT + "/override");
        paths.forEach((route, path) -> {
            calls.put(route + " 401", api -> expect(401, call(api, route, path).anonymously()));
            calls.put(route + " 500", api -> {
                api.failure = new IllegalStateException("at /etc/secret");
                Answer answer = expect(500, call(api, route, path));
                assertThat(answer.body()).doesNotContain("secret", "Exception").contains("\"id\":\"invocation-1\"");
            });
            calls.put(route + " 503", api -> {
                api.failure = SdkClientException.create("connect to 10.0.0.1 timed out");
                Answer answer = expect(503, call(api, route, path));
                assertThat(answer.body())
                        .doesNotContain("10.0.0.1", "Exception")
                        .contains("\"id\":\"invocation-1\"");
            });
        });
    }

    private static Call call(Api api, String route, String path) {
        String method = route.substring(0, route.indexOf(' '));
        return switch (method) {
            case "POST" -> api.post(path, JOB);
            case "PUT" -> api.put(path, OVERRIDE);
            default -> api.call(method, path);
        };
    }

    private static Answer expect(int status, Call call) {
        Answer answer = call.send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    @Test
    void everyExampleIsValid() {
        List<String> checked = new ArrayList<>();

        checkExamples("", OpenApi.DOCUMENT, checked);

        assertThat(checked).hasSizeGreaterThan(10);
    }

    private static void checkExamples(String path, JsonNode node, List<String> checked) {
        String schema = node.path("schema").path("$ref").asText();
        for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
            if (!schema.isEmpty()) {
                JsonNode value = OpenApi.resolve(example.getValue()).path("value");
                assertThat(OpenApi.schema(schema.substring(schema.lastIndexOf('/') + 1))
                                .violations(value))
                        .as(path + "/" + example.getKey())
                        .isEmpty();
                checked.add(example.getKey());
            }
        }
        node.properties().forEach(child -> checkExamples(path + "/" + child.getKey(), child.getValue(), checked));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(OpenApi.DOCUMENT.findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                OpenApi.DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void everyOperationHasAnIdOfItsOwn() {
        assertThat(OpenApi.DOCUMENT.path("paths").findValuesAsText("operationId"))
                .doesNotHaveDuplicates()
                .hasSize(api.function().routes().size());
    }
}
