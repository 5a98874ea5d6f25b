using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChurnEngine.Service;

/// <summary>Which path leads where, and what it asks of who calls it.</summary>
internal static class ServiceRoutes
{
    /// <summary>Adds all routes.</summary>
    public static void Map(IEndpointRouteBuilder app, ServiceState state)
    {
        var info = new InfoEndpoints(state);
        var predict = new PredictEndpoints(state);
        var protocol = new InferenceProtocol(state);

        Add("GET", "/health", InfoEndpoints.Health, KeyScopes.None);
        Add("GET", "/v2/health/live", InferenceProtocol.Live, KeyScopes.None);

        Add("GET", "/", info.Root, KeyScopes.Monitor, asksBrowser: true);
        Add("GET", "/ready", info.Ready, KeyScopes.Monitor);
        Add("GET", "/models", info.Models, KeyScopes.Monitor);
        Add("GET", "/metrics", info.Metrics, KeyScopes.Monitor);
        Add("GET", "/v2", protocol.Server, KeyScopes.Monitor);
        Add("GET", "/v2/health/ready", protocol.Ready, KeyScopes.Monitor);
        Add("POST", "/admin/refresh", info.Refresh, KeyScopes.Admin);

        // Who asks for predictions must know what to send.
        Add("GET", "/docs", InfoEndpoints.Docs, KeyScopes.Predict, asksBrowser: true);
        Add("GET", "/openapi.json", InfoEndpoints.OpenApi, KeyScopes.Predict, asksBrowser: true);
        Add("GET", "/model-info", info.ModelInfo, KeyScopes.Predict);
        Add("GET", "/v2/models/{model}", protocol.Model, KeyScopes.Predict);
        Add("GET", "/v2/models/{model}/ready", protocol.ModelReady, KeyScopes.Predict);

        Add("POST", "/predict", predict.One, KeyScopes.Predict);
        Add("POST", "/predict/user", predict.One, KeyScopes.Predict);
        Add("POST", "/predict_churn", predict.One, KeyScopes.Predict);
        Add("POST", "/predict/batch", predict.Batch, KeyScopes.Predict);
        Add("POST", "/v2/models/{model}/infer", protocol.Infer, KeyScopes.Predict);

        void Add(string method, string path, RequestDelegate handler, KeyScopes scope, bool asksBrowser = false) =>
            app.MapMethods(path, [method], handler).WithMetadata(new RouteRule(scope, path, asksBrowser));
    }
}
