using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// A register of vector elements and what distances add up over them: one loop serves every
/// element type and every width. A is of the rows, B of the query; a register keeps either in the
/// form that is computed with, and the sums too. Zeros paired with zeros add nothing.
/// </summary>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface IElementLanes<TVector>
    where TVector : struct
{
    /// <summary>Elements in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Bytes of an element of a row.</summary>
    static abstract int RowSizeBytes { get; }

    /// <summary>Bytes of an element of the query.</summary>
    static abstract int QuerySizeBytes { get; }

    /// <summary>Loads <see cref="Count"/> elements of a row.</summary>
    static abstract TVector LoadRow(byte* address);

    /// <summary>Loads fewer elements of a row; the others are zero.</summary>
    static abstract TVector LoadRowPartial(byte* address, int count);

    /// <summary>Loads <see cref="Count"/> elements of the query.</summary>
    static abstract TVector LoadQuery(byte* address);

    /// <summary>Loads fewer elements of the query; the others are zero.</summary>
    static abstract TVector LoadQueryPartial(byte* address, int count);

    /// <summary>sum + a * b.</summary>
    static abstract TVector AddProduct(TVector a, TVector b, TVector sum);

    /// <summary>sum + (a - b)^2.</summary>
    static abstract TVector AddSquaredDifference(TVector a, TVector b, TVector sum);

    /// <summary>sum + |a - b|.</summary>
    static abstract TVector AddAbsoluteDifference(TVector a, TVector b, TVector sum);

    /// <summary>sum + (a == b ? 0 : 1).</summary>
    static abstract TVector AddDifferent(TVector a, TVector b, TVector sum);

    /// <summary>The sums of two registers of sums, lane by lane.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The sum of all lanes, in an order that depends on nothing but the width.</summary>
    static abstract double Sum(TVector a);

    /// <summary>The sums of four registers, rounded to single precision.</summary>
    static abstract Vector128<float> SumFour(TVector a, TVector b, TVector c, TVector d);
}
