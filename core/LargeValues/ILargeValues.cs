namespace NeuroDb;

/// <summary>
/// Where the large values of a database lie: opens what a <see cref="LargeReference"/> names. The
/// storage layer implements it; column buffers carry it, so that a reference never shows as a
/// value. Safe for many threads.
/// </summary>
internal interface ILargeValues
{
    /// <summary>Opens a value; it is read while the transaction of its row lasts.</summary>
    ILargeValueReader Open(in LargeReference reference);
}
