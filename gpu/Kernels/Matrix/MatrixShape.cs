using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The sizes of a matrix product: C (rows, columns) = A (rows, depth) times B.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatrixShape
{
    /// <summary>Sizes of a product.</summary>
    public MatrixShape(MatrixLayout layout, int rows, int columns, int depth)
    {
        Layout = layout;
        Rows = rows;
        Columns = columns;
        Depth = depth;
    }

    /// <summary>Which factor is stored transposed.</summary>
    public MatrixLayout Layout;

    /// <summary>Rows of A and C.</summary>
    public int Rows;

    /// <summary>Columns of B and C.</summary>
    public int Columns;

    /// <summary>Terms of each sum.</summary>
    public int Depth;

    /// <summary>Numbers in A.</summary>
    public readonly int LengthA => checked(Rows * Depth);

    /// <summary>Numbers in B.</summary>
    public readonly int LengthB => checked(Depth * Columns);

    /// <summary>Numbers in C.</summary>
    public readonly int LengthC => checked(Rows * Columns);

    /// <summary>Floats from one row of A to the next.</summary>
    public readonly int RowStepA => Layout == MatrixLayout.TransposedA ? 1 : Depth;

    /// <summary>Floats from one term to the next in A.</summary>
    public readonly int StepA => Layout == MatrixLayout.TransposedA ? Rows : 1;

    /// <summary>Floats from one term to the next in B.</summary>
    public readonly int StepB => Layout == MatrixLayout.TransposedB ? 1 : Columns;

    /// <summary>Floats from one column of B to the next.</summary>
    public readonly int ColumnStepB => Layout == MatrixLayout.TransposedB ? Depth : 1;
}
