using System.Text.Json.Serialization;

namespace ChurnEngine.Telemetry;

/// <summary>An address of which path, query and user may be a secret, as a webhook's is: whatever prints it shows scheme and host alone.</summary>
public sealed class SecretAddress
{
    private const string Mask = "***";
    private const int ShortestSecret = 6;

    // What the user wrote; a path that was added to it is no secret.
    private readonly Uri _written;

    private SecretAddress(Uri uri, Uri written) => (Uri, _written) = (uri, written);

    /// <summary>The whole address: for the request and for nothing else.</summary>
    [JsonIgnore]
    public Uri Uri { get; }

    /// <summary>Reads an http or https address; null for anything else.</summary>
    public static SecretAddress? TryParse(string text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? new SecretAddress(uri, uri) : null;

    /// <summary>An address below this one.</summary>
    public SecretAddress Below(string path) => new(new UriBuilder(Uri) { Path = Uri.AbsolutePath.TrimEnd('/') + path }.Uri, _written);

    /// <summary>A text of others, such as an error's, without what is secret of this address.</summary>
    public string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Short ones are no secrets, and would tear holes into the text.
        string[] secrets = [Uri.AbsoluteUri, _written.OriginalString, _written.AbsoluteUri, _written.PathAndQuery, _written.Query, _written.UserInfo, .. _written.Segments.Select(part => part.Trim('/'))];
        foreach (string secret in secrets.Where(secret => secret.Length >= ShortestSecret).OrderByDescending(secret => secret.Length))
            text = text.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>Scheme, host and port; three stars for the rest.</summary>
    public override string ToString() => $"{Uri.Scheme}://{Uri.Host}{(Uri.IsDefaultPort ? "" : $":{Uri.Port}")}{(_written.PathAndQuery.Length > 1 ? $"/{Mask}" : "")}";
}
