package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.function.request.Api.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    private final Api api = new Api();

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "", "/nothing", "/jobs/", "/jobs//result", "/jobs/a/b", "/JOBS", "/endpoints/us-east-1"})
    void anUnknownPathIsNotFound(String path) {
        assertThat(api.get(path).send().status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        PUT    | /jobs                              | GET, POST
        POST   | /jobs/x                            | DELETE, GET
        DELETE | /jobs/x/result                     | GET
        POST   | /endpoints                         | GET
        GET    | /endpoints/us-east-1/m/override    | PUT
        HEAD   | /healthz                           | GET
        OPTIONS| /openapi.yaml                      | GET
        """)
    void aMethodThatAPathDoesNotHaveIsRefusedWithThoseItHas(String method, String path, String allowed) {
        Answer answer = api.call(method, path).send();

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", allowed);
    }

    @Test
    void aStageInFrontOfThePathIsIgnored() {
        assertThat(api.get("/healthz").onStage("prod").send().status()).isEqualTo(200);
    }

    @Test
    void aStageCalledAsAPathIsIsNoTrouble() {
        assertThat(api.get("/jobs").onStage("jobs").send().status()).isEqualTo(200);
    }

    @Test
    void healthAndTheApisDescriptionNeedNoPrincipal() {
        assertThat(api.get("/healthz").anonymously().send().body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(api.get("/openapi.yaml").anonymously().send().body()).startsWith("openapi: 3.1.0\n");
    }
}
