namespace NeuroDb.Storage;

/// <summary>
/// The greatest value that an open transaction has given by hand to the column of an
/// <see cref="IdentityCounter"/>, which alone looks inside.
/// </summary>
internal sealed class IdentityHold
{
    /// <summary>The greatest value.</summary>
    public long Greatest { get; set; } = long.MinValue;

    /// <summary>The place in the counter's list, or -1.</summary>
    public int Place { get; set; } = -1;
}
