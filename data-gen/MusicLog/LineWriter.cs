using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ChurnEngine.DataGen.MusicLog;

/// <summary>Writes lines of the log as JSON objects. What does not change from line to line is encoded once.</summary>
internal sealed class LineWriter
{
    // The longest line has about 600 bytes.
    private const int Room = 2048;

    private static readonly byte[][] s_pages = [.. Enum.GetValues<Page>().Select(page => Utf8(
        $"{(IsPut(page) ? "PUT" : "GET")}\",\"page\":\"{MusicWords.Pages[(int)page]}\""))];

    private static readonly byte[][] s_statuses = [.. Enum.GetValues<Page>().Select(page => Utf8(
        $",\"status\":{(page == Page.Error ? 404 : page != Page.NextSong && IsPut(page) ? 307 : 200)},\"ts\":"))];

    private static readonly byte[][] s_artists = [.. Enumerable.Range(0, MusicWords.ArtistCount).Select(artist => Utf8($"{{\"artist\":{Quote(MusicWords.Artist(artist))},"))];
    private static readonly byte[][] s_songs = [.. Enumerable.Range(0, MusicWords.ArtistCount * MusicWords.SongsPerArtist).Select(song => Utf8($",\"song\":{Quote(MusicWords.Song(song))}"))];
    private static readonly byte[][] s_agents = [.. MusicWords.UserAgents.Select(agent => Utf8($",\"userAgent\":{Quote(agent)},\"userId\":\""))];

    private readonly byte[] _line = new byte[Room];
    private readonly byte[] _identity;
    private readonly byte[] _cancelled;
    private readonly byte[] _lastName;
    private readonly byte[] _location;
    private readonly byte[] _registration;
    private readonly byte[] _end;
    private readonly Listener _listener;
    private readonly long _firstSession;
    private readonly long _sessionStep;
    private int _length;

    /// <param name="listener">Whose lines.</param>
    /// <param name="sessionStep">Above every id, so that no two users share a session id.</param>
    public LineWriter(in Listener listener, long sessionStep)
    {
        (_listener, _firstSession, _sessionStep) = (listener, listener.Id, sessionStep);
        string person = $"\"firstName\":{Quote(MusicWords.FirstNames[listener.FirstName])},\"gender\":\"{(listener.IsFemale ? 'F' : 'M')}\",\"itemInSession\":";
        _identity = Utf8($"\"auth\":\"{MusicWords.Auths[(int)Auth.LoggedIn]}\",{person}");
        _cancelled = Utf8($"\"auth\":\"{MusicWords.Auths[(int)Auth.Cancelled]}\",{person}");
        _lastName = Utf8($",\"lastName\":{Quote(MusicWords.LastNames[listener.LastName])}");
        _location = Utf8($"\",\"location\":{Quote(MusicWords.Locations[listener.Location])},\"method\":\"");
        _registration = Utf8($",\"registration\":{listener.RegisteredAt * 1000},\"sessionId\":");
        _end = Utf8($"{listener.Id}\"}}\n");
    }

    /// <summary>Appends a line with its end.</summary>
    public void Write(in LogLine line, IBufferWriter<byte> text)
    {
        _length = 0;
        if (line.IsAnonymous)
            WriteAnonymous(line);
        else
            WriteNamed(line);
        text.Write(_line.AsSpan(0, _length));
    }

    private void WriteNamed(in LogLine line)
    {
        bool isSong = line.Page == Page.NextSong;
        Put(isSong ? s_artists[line.Song / MusicWords.SongsPerArtist] : "{"u8);
        Put(line.Auth == Auth.Cancelled ? _cancelled : _identity);
        Put(line.Item);
        Put(_lastName);
        if (isSong)
        {
            Put(",\"length\":"u8);
            PutLength(line.Length);
        }
        Put(line.IsPaid ? ",\"level\":\"paid"u8 : ",\"level\":\"free"u8);
        Put(_location);
        Put(s_pages[(int)line.Page]);
        Put(_registration);
        Put(_firstSession + line.Session * _sessionStep);
        if (isSong)
            Put(s_songs[line.Song]);
        Put(s_statuses[(int)line.Page]);
        Put(line.AtMillis);
        Put(s_agents[line.IsSecondDevice ? _listener.SecondUserAgent : _listener.UserAgent]);
        Put(_end);
    }

    // Who is not logged in is nobody.
    private void WriteAnonymous(in LogLine line)
    {
        Put(line.Auth == Auth.Guest ? "{\"auth\":\"Guest\",\"itemInSession\":"u8 : "{\"auth\":\"Logged Out\",\"itemInSession\":"u8);
        Put(line.Item);
        Put(line.IsPaid ? ",\"level\":\"paid\",\"method\":\""u8 : ",\"level\":\"free\",\"method\":\""u8);
        Put(s_pages[(int)line.Page]);
        Put(",\"sessionId\":"u8);
        Put(_firstSession + line.Session * _sessionStep);
        Put(s_statuses[(int)line.Page]);
        Put(line.AtMillis);
        Put(",\"userId\":\"\"}\n"u8);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Put(long number)
    {
        Utf8Formatter.TryFormat(number, _line.AsSpan(_length), out int written);
        _length += written;
    }

    // Seconds with five decimals.
    private void PutLength(int hundredThousandths)
    {
        (int seconds, int rest) = Math.DivRem(hundredThousandths, 100_000);
        Put(seconds);
        Span<byte> decimals = _line.AsSpan(_length, 6);
        decimals[0] = (byte)'.';
        for (int i = 5; i > 0; i--)
        {
            decimals[i] = (byte)('0' + rest % 10);
            rest /= 10;
        }
        _length += 6;
    }

    private static bool IsPut(Page page) => page is Page.NextSong or Page.ThumbsUp or Page.ThumbsDown or Page.AddToPlaylist or Page.AddFriend or Page.Login
        or Page.Logout or Page.SubmitUpgrade or Page.SubmitDowngrade or Page.SaveSettings or Page.Cancel or Page.SubmitRegistration;

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
