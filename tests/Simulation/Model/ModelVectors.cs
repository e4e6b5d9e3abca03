using System.Collections;

namespace NeuroDb.Tests.Simulation;

/// <summary>A type of vectors: what its elements may be, and how they are handed over.</summary>
/// <param name="TypeName">The name in SQL.</param>
/// <param name="Levels">Elements are whole multiples of the step below so many.</param>
/// <param name="Step">What lies between two elements.</param>
/// <param name="Distance">The operator that its index serves.</param>
internal sealed record ModelVectors(string TypeName, int Levels, float Step, string Distance)
{
    // Each element is the same number in the type and in single precision.
    private static readonly ModelVectors[] Types =
    [
        new("HALFVEC", 2000, 0.125f, "<->"),
        new("VECTOR", 2000, 0.125f, "<->"),
        new("INT8VEC", 128, 1, "<->"),
        new("BITVEC", 2, 1, "<~>"),
    ];

    /// <summary>The type of a dimension.</summary>
    public static ModelVectors Of(int dimension) => Types[dimension % Types.Length];

    /// <summary>An element.</summary>
    public float Element(int number) => number % Levels * Step;

    /// <summary>A vector as a statement takes it.</summary>
    public object? Parameter(float[]? vector) => vector is null || Levels > 2
        ? vector
        : new BitArray(Array.ConvertAll(vector, static element => element != 0));

    /// <summary>The distance of two vectors by the definition of the operator.</summary>
    public double DistanceOf(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        }

        return Levels > 2 ? Math.Sqrt(sum) : sum;
    }
}
