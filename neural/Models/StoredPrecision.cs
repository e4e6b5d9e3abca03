namespace NeuroDb.Neural;

/// <summary>How exactly the weights of a network are stored.</summary>
internal enum StoredPrecision
{
    /// <summary>
    /// Eight bits each, from -127 to 127, times a scale of their output channel.
    /// </summary>
    Int8,

    /// <summary>Sixteen bits each, as IEEE 754 half precision.</summary>
    Half,
}
