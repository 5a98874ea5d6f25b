namespace ChurnEngine.DataGen;

/// <summary>Draws from a few categories of given shares.</summary>
internal static class Shares
{
    /// <summary>Position of the category that <paramref name="unit"/>, 0..1, falls into; what the shares lack to 1 is the last one's.</summary>
    public static int Pick(ReadOnlySpan<double> shares, double unit)
    {
        int code = 0;
        while (code < shares.Length - 1 && unit >= shares[code])
            unit -= shares[code++];
        return code;
    }
}
