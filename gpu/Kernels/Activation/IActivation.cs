namespace NeuroDb.Gpu;

/// <summary>A function of single numbers and its derivative, in registers and in double.</summary>
internal interface IActivation
{
    /// <summary>f(x).</summary>
    static abstract double Compute(double x);

    /// <summary>f'(x).</summary>
    static abstract double Derivative(double x);

    /// <summary>f(x) in every lane.</summary>
    static abstract TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    /// <summary>f'(x) in every lane; y is f(x).</summary>
    static abstract TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
