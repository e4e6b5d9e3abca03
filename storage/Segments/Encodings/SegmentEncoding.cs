namespace NeuroDb.Storage;

/// <summary>How the values of an extent are laid out; the numbers are part of the format.</summary>
internal enum SegmentEncoding : byte
{
    /// <summary>Value after value, as in memory; texts and blobs as lengths, then bytes.</summary>
    Plain = 1,

    /// <summary>One value for all rows.</summary>
    Constant = 2,

    /// <summary>The lowest value, then bit-packed distances to it.</summary>
    FrameOfReference = 3,

    /// <summary>The first value, then bit-packed differences of neighbours.</summary>
    Delta = 4,

    /// <summary>Values with the row at which the run of each ends.</summary>
    RunLength = 5,

    /// <summary>The distinct values, then the bit-packed place of each row's value.</summary>
    Dictionary = 6,

    /// <summary>Doubles that are 32-bit floats.</summary>
    Narrow = 7,

    /// <summary>Decimals of one scale as 64-bit integers.</summary>
    Scaled = 8,

    /// <summary>Vectors row by row at the stride of memory.</summary>
    RawVector = 9,

    /// <summary>Vectors row by row without the padding of memory.</summary>
    PackedVector = 10,
}
