package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import io.breakwater.function.Rehearsal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked in a {@link Rehearsal} of the request function. */
final class RehearsedRequests {
    private RehearsedRequests() {}

    /** In an order in which each finds what it asks for. */
    static List<APIGatewayV2HTTPEvent> all() {
        String job = "/jobs/" + Rehearsal.JOB;
        return List.of(
                request("POST", "/jobs", "{\"prompt\":\"Rehearse.\",\"maxTokens\":1}"),
                request("POST", "/jobs", "{\"prompt\":1}"),
                request("GET", job, null),
                request("GET", "/jobs", null),
                request("GET", job + "/result", null),
                request("DELETE", job, null),
                request("GET", "/endpoints", null));
    }

    private static APIGatewayV2HTTPEvent request(String method, String path, @Nullable String body) {
        return APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRawPath(path)
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody(body)
                .withRequestContext(RequestContext.builder()
                        .withStage("$default")
                        .withHttp(RequestContext.Http.builder()
                                .withMethod(method)
                                .withPath(path)
                                .build())
                        .withAuthorizer(RequestContext.Authorizer.builder()
                                .withIam(RequestContext.IAM
                                        .builder()
                                        .withUserArn("arn:aws:iam::000000000000:user/" + Rehearsal.FUNCTION)
                                        .build())
                                .build())
                        .build())
                .build();
    }
}
