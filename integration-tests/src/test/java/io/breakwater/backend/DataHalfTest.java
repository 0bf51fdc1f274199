package io.breakwater.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import org.junit.jupiter.api.Test;

class DataHalfTest {
    private static final String TEMPLATE = """
        {
          "Parameters": { "BootstrapVersion": { "Type": "AWS::SSM::Parameter::Value<String>" } },
          "Resources": {
            "Queue": {
              "Type": "AWS::SQS::Queue",
              "DeletionPolicy": "Retain",
              "UpdateReplacePolicy": "Retain",
              "Properties": { "KmsMasterKeyId": { "Fn::GetAtt": ["Key", "Arn"] }, "VisibilityTimeout": 1830 }
            },
            "Key": { "Type": "AWS::KMS::Key", "DependsOn": "Alias" },
            "Alias": { "Type": "AWS::KMS::Alias" },
            "Table": { "Type": "AWS::DynamoDB::Table", "Properties": { "DeletionProtectionEnabled": true } },
            "Worker": { "Type": "AWS::Lambda::Function", "Properties": { "Url": { "Ref": "Queue" } } }
          },
          "Outputs": {
            "QueueUrl": { "Value": { "Ref": "Queue" } },
            "Page": { "Value": { "Fn::Join": ["", ["https://", { "Ref": "AWS::Region" }, "/", { "Ref": "Queue" }]] } },
            "WorkerArn": { "Value": { "Fn::GetAtt": ["Worker", "Arn"] } }
          }
        }
        """;

    private final JsonNode half = Json.read(DataHalf.of(TEMPLATE), JsonNode.class);

    @Test
    void whatHoldsStateIsKeptWithAllThatItRefersTo() {
        assertThat(half.path("Resources").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("Queue", "Key", "Alias", "Table");
        assertThat(half.path("Resources")
                        .path("Queue")
                        .path("Properties")
                        .path("VisibilityTimeout")
                        .asInt())
                .isEqualTo(1830);
    }

    @Test
    void outputsOfWhatIsLeftOutAreLeftOut() {
        assertThat(half.path("Outputs").fieldNames()).toIterable().containsExactlyInAnyOrder("QueueUrl", "Page");
        assertThat(half.has("Parameters")).isFalse();
    }

    @Test
    void everythingGoesWithItsStack() {
        assertThat(half.path("Resources")).allSatisfy(resource -> {
            assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Delete");
            assertThat(resource.has("UpdateReplacePolicy")).isFalse();
        });
        assertThat(half.path("Resources").path("Table").path("Properties").has("DeletionProtectionEnabled"))
                .isFalse();
    }
}
