namespace ChurnEngine.DataGen;

/// <summary>When people are active: nights are quiet, evenings busy.</summary>
internal static class HourOfDay
{
    // Share of each hour, in 256ths.
    private static readonly byte[] s_hourOf = Build([3, 2, 1, 1, 1, 2, 5, 9, 11, 10, 10, 11, 12, 12, 11, 11, 12, 15, 18, 21, 24, 24, 19, 11]);

    /// <summary>Hour 0..23 of eight uniform bits.</summary>
    public static byte Of(byte bits) => s_hourOf[bits];

    private static byte[] Build(ReadOnlySpan<byte> sharesOf256)
    {
        byte[] hours = new byte[256];
        int filled = 0;
        for (int hour = 0; hour < sharesOf256.Length; hour++)
        {
            hours.AsSpan(filled, sharesOf256[hour]).Fill((byte)hour);
            filled += sharesOf256[hour];
        }
        return filled == 256 ? hours : throw new ArgumentException($"the shares add up to {filled}, not 256", nameof(sharesOf256));
    }
}
