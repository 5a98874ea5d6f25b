using ChurnEngine.Columns;

namespace ChurnEngine.Service;

/// <summary>Errors of HTTP, keys and limits.</summary>
internal static class ServiceErrors
{
    public static ChurnConfigException NoKeys() =>
        new(new ErrorCode(1230), "the service has no API key to let anybody in") { Hint = "make one with `churn serve --new-key NAME --scope predict --keys FILE` and start with --keys FILE, or set CHURN_API_KEYS; on this machine alone, --open needs none" };

    public static ChurnConfigException BadKeys(string source, int line, string what) =>
        new(new ErrorCode(1231), $"{source}:{line}: {what}") { Expected = "NAME SCOPE[,SCOPE] LIMIT sha256:HASH", Hint = "`churn serve --new-key NAME --scope predict --keys FILE` writes such a line" };

    public static ChurnConfigException CannotReadKeys(string path, Exception cause) =>
        new(new ErrorCode(1232), $"the API keys in '{path}' cannot be read or written", cause) { Actual = cause.Message.TrimEnd('.'), Hint = "check the path, the owner and the mode" };

    public static ChurnConfigException OpenToAll(string address) =>
        new(new ErrorCode(1233), "--open answers without a key, so it listens on this machine alone") { Expected = "a loopback address, such as 127.0.0.1", Actual = address, Hint = "leave --open out and make keys, or listen on the loopback" };

    public static ChurnConfigException BadCertificate(string path, Exception cause) =>
        new(new ErrorCode(1234), $"the certificate '{path}' cannot be used for TLS", cause) { Expected = "a PEM certificate with its key, or a PFX without a password", Actual = cause.Message.TrimEnd('.'), Hint = "check `serve.tls`" };

    public static ChurnTransientException CannotListen(string address, Exception cause) =>
        new(new ErrorCode(1235), $"the service cannot listen on {address}", cause) { Actual = cause.Message.TrimEnd('.'), Hint = "another process may have that port: choose one with --listen" };

    public static ChurnConfigException BadKeyName(string name) =>
        new(new ErrorCode(1236), $"'{name}' cannot name an API key") { Expected = "1 to 64 letters, digits, '-', '_' or '.', not in the file yet" };

    public static HttpProblem NoKey() => new(401, new ErrorCode(1240), "an API key is needed", "send it as X-API-Key, or as Authorization: Bearer KEY");

    public static HttpProblem WrongKey() => new(401, new ErrorCode(1241), "no such API key", "check it, or ask for a new one");

    public static HttpProblem WrongScope(string scope) => new(403, new ErrorCode(1242), $"the API key may not do this: it lacks the scope {scope}", "ask for a key with that scope");

    public static HttpProblem TooManyRequests(int limit) => new(429, new ErrorCode(1243), $"the API key has used its {limit:N0} requests of this hour", "wait for as many seconds as Retry-After says");

    public static HttpProblem Busy() => new(503, new ErrorCode(1244), "too many requests at once", "send it again in a second");

    public static HttpProblem NotFound(string path) => new(404, new ErrorCode(1245), $"there is nothing at {path}", "/docs lists what there is");

    public static HttpProblem WrongMethod(string method) => new(405, new ErrorCode(1246), $"{method} is not allowed here", "see Allow, or /docs");

    public static HttpProblem TooLarge(long most) => new(413, new ErrorCode(1247), $"the body is larger than {most:N0} bytes", "send less at once, or raise `serve.limits.body_kb`");

    public static HttpProblem TooSlow(int seconds) => new(408, new ErrorCode(1248), $"the body did not come within {seconds} seconds", "send it again");

    public static HttpProblem WrongMedia(string expected) => new(415, new ErrorCode(1249), "the body is of another kind", $"send {expected}, and say so in Content-Type");

    public static HttpProblem Malformed(int status, string what) => new(status, new ErrorCode(1250), "the request cannot be read", what);

    public static HttpProblem NotReady() => new(503, new ErrorCode(1251), "the service is stopping", "another instance answers");

    public static HttpProblem Unforeseen(string id) => new(500, new ErrorCode(9603), "an error that nobody foresaw", $"report it with request id {id}");
}
