package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.IAM;
import io.breakwater.function.request.Api.Answer;
import io.breakwater.job.Job;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

class TenantTest {
    private final Api api = new Api();

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sts::111122223333:assumed-role/App/i-0abc,      arn:aws:sts::111122223333:assumed-role/App",
        "arn:aws-us-gov:sts::111122223333:assumed-role/App/x@y,  arn:aws-us-gov:sts::111122223333:assumed-role/App",
        "arn:aws:iam::111122223333:user/team/alice,              arn:aws:iam::111122223333:user/team/alice",
        "arn:aws:iam::111122223333:root,                         arn:aws:iam::111122223333:root",
        "arn:aws:sts::111122223333:federated-user/bob,           arn:aws:sts::111122223333:federated-user/bob",
    })
    void anIamPrincipalIsItsArnWithoutSession(String arn, String tenant) {
        assertThat(tenantOf(iam(arn))).isEqualTo(tenant);
    }

    @Test
    void twoSessionsOfARoleAreOneTenant() {
        String id = submit(iam("arn:aws:sts::111122223333:assumed-role/App/one"))
                .json()
                .path("id")
                .asText();

        assertThat(api.get("/jobs/" + id)
                        .as(iam("arn:aws:sts::111122223333:assumed-role/App/two"))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokensPrincipalIsItsIssuerAndSubject() {
        assertThat(tenantOf(jwt(Map.of("iss", "https://issuer.example/", "sub", "user-1"))))
                .isEqualTo("https://issuer.example/#user-1");
        assertThat(tenantOf(jwt(Map.of("sub", "user-1")))).isEqualTo("user-1");
    }

    @ParameterizedTest
    @NullSource
    @MethodSource
    void withoutPrincipalNothingIsServed(@Nullable Authorizer authorizer) {
        for (String path :
                new String[] {"/jobs", "/jobs/x", "/jobs/x/result", "/endpoints", "/endpoints/us-east-1/x"}) {
            Answer answer = api.get(path).as(authorizer).send();

            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.headers()).containsKey("WWW-Authenticate");
        }
        assertThat(submit(authorizer).status()).isEqualTo(401);
        assertThat(api.delete("/jobs/x").as(authorizer).send().status()).isEqualTo(401);
        assertThat(api.put("/endpoints/us-east-1/x/override", "{}")
                        .as(authorizer)
                        .send()
                        .status())
                .isEqualTo(401);
        assertThat(api.sent()).isEmpty();
    }

    static Stream<Authorizer> withoutPrincipalNothingIsServed() {
        return Stream.of(
                Authorizer.builder().build(),
                Authorizer.builder().withIam(IAM.builder().build()).build(),
                iam(" "),
                Authorizer.builder().withJwt(JWT.builder().build()).build(),
                jwt(Map.of()),
                jwt(Map.of("iss", "https://issuer.example/", "sub", "")));
    }

    private String tenantOf(Authorizer authorizer) {
        String id = submit(authorizer).json().path("id").asText();
        return api.stored(id).map(Job::tenant).orElseThrow();
    }

    private Answer submit(@Nullable Authorizer authorizer) {
        return api.post("/jobs", "{\"prompt\":\"x\"}").as(authorizer).send();
    }

    private static Authorizer iam(String arn) {
        return Authorizer.builder()
                .withIam(IAM.builder().withUserArn(arn).build())
                .build();
    }

    private static Authorizer jwt(Map<String, String> claims) {
        return Authorizer.builder()
                .withJwt(JWT.builder().withClaims(claims).build())
                .build();
    }
}
