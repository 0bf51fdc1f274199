package io.breakwater.infra;

import io.breakwater.infra.ApiRoute.Audience;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpIamAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_authorizers.HttpJwtAuthorizer;
import software.amazon.awscdk.aws_apigatewayv2_integrations.HttpLambdaIntegration;
import software.amazon.awscdk.services.apigatewayv2.AddRoutesOptions;
import software.amazon.awscdk.services.apigatewayv2.CfnStage;
import software.amazon.awscdk.services.apigatewayv2.HttpApi;
import software.amazon.awscdk.services.apigatewayv2.HttpMethod;
import software.amazon.awscdk.services.apigatewayv2.HttpStage;
import software.amazon.awscdk.services.apigatewayv2.IHttpRouteAuthorizer;
import software.amazon.awscdk.services.apigatewayv2.ThrottleSettings;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** The HTTP API: each route by name, none without an authorizer. */
final class JobApi extends Construct {
    private static final String STAGE = "$default";

    /** Who called what, and how it went. */
    private static final String ACCESS_LOG = Stream.of(
                    "requestTimeEpoch",
                    "requestId",
                    "sourceIp:identity.sourceIp",
                    "caller:identity.userArn",
                    "subject:authorizer.claims.sub",
                    "routeKey",
                    "path",
                    "status",
                    "responseLength",
                    "responseLatency",
                    "integrationError:integrationErrorMessage",
                    "error:error.message")
            .map(field -> field.split(":", -1))
            .map(field -> "\"" + field[0] + "\":\"$context." + field[field.length - 1] + "\"")
            .collect(Collectors.joining(",", "{", "}"));

    private final HttpApi api;

    JobApi(Construct scope, String id, PipelineFunction request, Deployment deployment) {
        super(scope, id);
        api = HttpApi.Builder.create(this, "Api")
                .apiName("breakwater")
                .createDefaultStage(false)
                .build();
        HttpLambdaIntegration integration = HttpLambdaIntegration.Builder.create("Request", request.alias())
                .scopePermissionToRoute(false)
                .build();
        IHttpRouteAuthorizer authorizer = authorizer(deployment.access());
        for (ApiRoute route : ApiRoute.ALL) {
            api.addRoutes(AddRoutesOptions.builder()
                    .methods(List.of(HttpMethod.valueOf(route.method())))
                    .path(route.path())
                    .integration(integration)
                    .authorizer(authorizer)
                    .authorizationScopes(scopes(deployment.access(), route))
                    .build());
        }
        stage(deployment);
    }

    private static IHttpRouteAuthorizer authorizer(Access access) {
        return switch (access) {
            case Access.Iam() -> new HttpIamAuthorizer();
            case Access.Jwt jwt ->
                HttpJwtAuthorizer.Builder.create("Tokens", jwt.issuer())
                        .jwtAudience(jwt.audiences())
                        .build();
        };
    }

    private static List<String> scopes(Access access, ApiRoute route) {
        return access instanceof Access.Jwt jwt && route.audience() == Audience.OPERATOR
                ? List.of(jwt.operatorScope())
                : List.of();
    }

    private void stage(Deployment deployment) {
        LogGroup logs = LogGroup.Builder.create(this, "AccessLogs")
                .retention(deployment.logRetention())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        HttpStage stage = HttpStage.Builder.create(this, "Stage")
                .httpApi(api)
                .stageName(STAGE)
                .autoDeploy(true)
                .throttle(ThrottleSettings.builder()
                        .rateLimit(deployment.requestsPerSecond())
                        .burstLimit(2 * deployment.requestsPerSecond())
                        .build())
                .build();
        if (stage.getNode().getDefaultChild() instanceof CfnStage settings) {
            settings.setAccessLogSettings(CfnStage.AccessLogSettingsProperty.builder()
                    .destinationArn(logs.getLogGroupArn())
                    .format(ACCESS_LOG)
                    .build());
        }
    }

    /** A policy, to be attached to users and roles, that lets them call the routes for this audience. */
    ManagedPolicy policy(Audience audience, String description) {
        List<String> routes = ApiRoute.ALL.stream()
                .filter(route -> route.audience() == audience)
                .map(route -> "arn:aws:execute-api:" + Stack.of(this).getRegion() + ":"
                        + Stack.of(this).getAccount() + ":" + api.getApiId() + "/" + STAGE + "/" + route.resource())
                .toList();
        ManagedPolicy policy = ManagedPolicy.Builder.create(this, audience == Audience.CALLER ? "Callers" : "Operators")
                .description(description)
                .statements(List.of(PolicyStatement.Builder.create()
                        .actions(List.of("execute-api:Invoke"))
                        .resources(routes)
                        .build()))
                .build();
        Departures.fromExactResources(
                policy,
                "arn:aws:execute-api:.*\\/\\$default\\/(GET|DELETE|PUT)\\/(jobs|endpoints)\\/.*",
                "A job's id and an endpoint's name are variables of the route. The function sees to it that a job is"
                        + " its caller's own.");
        return policy;
    }

    HttpApi api() {
        return api;
    }

    String url() {
        return api.getApiEndpoint();
    }
}
