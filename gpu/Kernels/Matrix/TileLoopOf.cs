using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The inner loops of all matrix products and convolutions: six rows at once, so that every load
/// of B serves six multiply-adds and every number of A one, two or four registers. The sums stay
/// in registers: 24 of the 32 that AVX-512 has, 12 of the 16 of AVX2 and SSE.
/// </summary>
/// <remarks>
/// Twelve sums that do not wait for each other fill two multiply-add units of a latency of four to
/// six cycles; six do not quite. There is no call between the first and the last step, because a
/// call would drive the sums into memory.
/// </remarks>
internal static unsafe class TileLoop<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>The most registers side by side that this width has room for.</summary>
    public static int WidestTile => TLanes.Count == 16 ? 4 : 2;

    /// <summary>Runs a tile of so many registers side by side: 4, 2 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(TileJob* job, int registers)
    {
        if (registers == 4)
        {
            Run4(job);
        }
        else if (registers == 2)
        {
            Run2(job);
        }
        else
        {
            Run1(job);
        }
    }

    /// <summary>Six rows of 4 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run4(TileJob* job)
    {
        float* a0 = job->A0, a1 = job->A1, a2 = job->A2, a3 = job->A3, a4 = job->A4, a5 = job->A5;
        float* b = job->B;
        nint at = 0, stepA = job->StepA, stepB = job->StepB;
        TVector s00 = default, s01 = default, s02 = default, s03 = default, s10 = default,
            s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default;
        TVector s40 = default, s41 = default, s42 = default, s43 = default;
        TVector s50 = default, s51 = default, s52 = default, s53 = default;
        for (int segment = job->Segments; segment > 0; segment--, at += job->JumpA)
        {
            for (int step = job->Depth; step > 0; step--)
            {
                TVector b0 = TLanes.Load(b);
                TVector b1 = TLanes.Load(b + TLanes.Count);
                TVector b2 = TLanes.Load(b + (2 * TLanes.Count));
                TVector b3 = TLanes.Load(b + (3 * TLanes.Count));
                TVector x = TLanes.Create(a0[at]);
                s00 = TLanes.MultiplyAdd(x, b0, s00);
                s01 = TLanes.MultiplyAdd(x, b1, s01);
                s02 = TLanes.MultiplyAdd(x, b2, s02);
                s03 = TLanes.MultiplyAdd(x, b3, s03);
                x = TLanes.Create(a1[at]);
                s10 = TLanes.MultiplyAdd(x, b0, s10);
                s11 = TLanes.MultiplyAdd(x, b1, s11);
                s12 = TLanes.MultiplyAdd(x, b2, s12);
                s13 = TLanes.MultiplyAdd(x, b3, s13);
                x = TLanes.Create(a2[at]);
                s20 = TLanes.MultiplyAdd(x, b0, s20);
                s21 = TLanes.MultiplyAdd(x, b1, s21);
                s22 = TLanes.MultiplyAdd(x, b2, s22);
                s23 = TLanes.MultiplyAdd(x, b3, s23);
                x = TLanes.Create(a3[at]);
                s30 = TLanes.MultiplyAdd(x, b0, s30);
                s31 = TLanes.MultiplyAdd(x, b1, s31);
                s32 = TLanes.MultiplyAdd(x, b2, s32);
                s33 = TLanes.MultiplyAdd(x, b3, s33);
                x = TLanes.Create(a4[at]);
                s40 = TLanes.MultiplyAdd(x, b0, s40);
                s41 = TLanes.MultiplyAdd(x, b1, s41);
                s42 = TLanes.MultiplyAdd(x, b2, s42);
                s43 = TLanes.MultiplyAdd(x, b3, s43);
                x = TLanes.Create(a5[at]);
                s50 = TLanes.MultiplyAdd(x, b0, s50);
                s51 = TLanes.MultiplyAdd(x, b1, s51);
                s52 = TLanes.MultiplyAdd(x, b2, s52);
                s53 = TLanes.MultiplyAdd(x, b3, s53);
                at += stepA;
                b += stepB;
            }

            b += job->JumpB;
        }

        Finish4(job, job->C0, s00, s01, s02, s03);
        Finish4(job, job->C1, s10, s11, s12, s13);
        Finish4(job, job->C2, s20, s21, s22, s23);
        Finish4(job, job->C3, s30, s31, s32, s33);
        Finish4(job, job->C4, s40, s41, s42, s43);
        Finish4(job, job->C5, s50, s51, s52, s53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish4(
        TileJob* job, float* c, TVector s0, TVector s1, TVector s2, TVector s3)
    {
        if (job->IsAdded)
        {
            s0 = TLanes.Add(s0, TLanes.Load(c));
            s1 = TLanes.Add(s1, TLanes.Load(c + TLanes.Count));
            s2 = TLanes.Add(s2, TLanes.Load(c + (2 * TLanes.Count)));
            s3 = TLanes.Add(s3, TLanes.Load(c + (3 * TLanes.Count)));
        }

        if (job->Bias != null)
        {
            s0 = TLanes.Add(s0, TLanes.Load(job->Bias));
            s1 = TLanes.Add(s1, TLanes.Load(job->Bias + TLanes.Count));
            s2 = TLanes.Add(s2, TLanes.Load(job->Bias + (2 * TLanes.Count)));
            s3 = TLanes.Add(s3, TLanes.Load(job->Bias + (3 * TLanes.Count)));
        }

        if (job->IsRectified)
        {
            s0 = TLanes.Maximum(s0, default);
            s1 = TLanes.Maximum(s1, default);
            s2 = TLanes.Maximum(s2, default);
            s3 = TLanes.Maximum(s3, default);
        }

        TLanes.Store(s0, c);
        TLanes.Store(s1, c + TLanes.Count);
        TLanes.Store(s2, c + (2 * TLanes.Count));
        TLanes.Store(s3, c + (3 * TLanes.Count));
    }

    /// <summary>Six rows of 2 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run2(TileJob* job)
    {
        float* a0 = job->A0, a1 = job->A1, a2 = job->A2, a3 = job->A3, a4 = job->A4, a5 = job->A5;
        float* b = job->B;
        nint at = 0, stepA = job->StepA, stepB = job->StepB;
        TVector s00 = default, s01 = default;
        TVector s10 = default, s11 = default;
        TVector s20 = default, s21 = default;
        TVector s30 = default, s31 = default;
        TVector s40 = default, s41 = default;
        TVector s50 = default, s51 = default;
        for (int segment = job->Segments; segment > 0; segment--)
        {
            for (int step = job->Depth; step > 0; step--)
            {
                TVector b0 = TLanes.Load(b);
                TVector b1 = TLanes.Load(b + TLanes.Count);
                TVector x = TLanes.Create(a0[at]);
                s00 = TLanes.MultiplyAdd(x, b0, s00);
                s01 = TLanes.MultiplyAdd(x, b1, s01);
                x = TLanes.Create(a1[at]);
                s10 = TLanes.MultiplyAdd(x, b0, s10);
                s11 = TLanes.MultiplyAdd(x, b1, s11);
                x = TLanes.Create(a2[at]);
                s20 = TLanes.MultiplyAdd(x, b0, s20);
                s21 = TLanes.MultiplyAdd(x, b1, s21);
                x = TLanes.Create(a3[at]);
                s30 = TLanes.MultiplyAdd(x, b0, s30);
                s31 = TLanes.MultiplyAdd(x, b1, s31);
                x = TLanes.Create(a4[at]);
                s40 = TLanes.MultiplyAdd(x, b0, s40);
                s41 = TLanes.MultiplyAdd(x, b1, s41);
                x = TLanes.Create(a5[at]);
                s50 = TLanes.MultiplyAdd(x, b0, s50);
                s51 = TLanes.MultiplyAdd(x, b1, s51);
                at += stepA;
                b += stepB;
            }

            at += job->JumpA;
            b += job->JumpB;
        }

        Finish2(job, job->C0, s00, s01);
        Finish2(job, job->C1, s10, s11);
        Finish2(job, job->C2, s20, s21);
        Finish2(job, job->C3, s30, s31);
        Finish2(job, job->C4, s40, s41);
        Finish2(job, job->C5, s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish2(TileJob* job, float* c, TVector s0, TVector s1)
    {
        if (job->IsAdded)
        {
            s0 = TLanes.Add(s0, TLanes.Load(c));
            s1 = TLanes.Add(s1, TLanes.Load(c + TLanes.Count));
        }

        if (job->Bias != null)
        {
            s0 = TLanes.Add(s0, TLanes.Load(job->Bias));
            s1 = TLanes.Add(s1, TLanes.Load(job->Bias + TLanes.Count));
        }

        if (job->IsRectified)
        {
            s0 = TLanes.Maximum(s0, default);
            s1 = TLanes.Maximum(s1, default);
        }

        TLanes.Store(s0, c);
        TLanes.Store(s1, c + TLanes.Count);
    }

    /// <summary>Six rows of 1 register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run1(TileJob* job)
    {
        float* a0 = job->A0, a1 = job->A1, a2 = job->A2, a3 = job->A3, a4 = job->A4, a5 = job->A5;
        float* b = job->B;
        nint at = 0, stepA = job->StepA, stepB = job->StepB;
        TVector s00 = default;
        TVector s10 = default;
        TVector s20 = default;
        TVector s30 = default;
        TVector s40 = default;
        TVector s50 = default;
        for (int segment = job->Segments; segment > 0; segment--)
        {
            for (int step = job->Depth; step > 0; step--)
            {
                TVector b0 = TLanes.Load(b);
                TVector x = TLanes.Create(a0[at]);
                s00 = TLanes.MultiplyAdd(x, b0, s00);
                x = TLanes.Create(a1[at]);
                s10 = TLanes.MultiplyAdd(x, b0, s10);
                x = TLanes.Create(a2[at]);
                s20 = TLanes.MultiplyAdd(x, b0, s20);
                x = TLanes.Create(a3[at]);
                s30 = TLanes.MultiplyAdd(x, b0, s30);
                x = TLanes.Create(a4[at]);
                s40 = TLanes.MultiplyAdd(x, b0, s40);
                x = TLanes.Create(a5[at]);
                s50 = TLanes.MultiplyAdd(x, b0, s50);
                at += stepA;
                b += stepB;
            }

            at += job->JumpA;
            b += job->JumpB;
        }

        Finish1(job, job->C0, s00);
        Finish1(job, job->C1, s10);
        Finish1(job, job->C2, s20);
        Finish1(job, job->C3, s30);
        Finish1(job, job->C4, s40);
        Finish1(job, job->C5, s50);
    }

    /// <summary>
    /// Two tiles of 1 register over the same stretch of B: twelve sums that do not wait for each
    /// other, where six would wait.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunPair1(TileJob* job, TileJob* next)
    {
        float* a0 = job->A0, a1 = job->A1, a2 = job->A2, a3 = job->A3, a4 = job->A4, a5 = job->A5;
        float* a6 = next->A0, a7 = next->A1, a8 = next->A2;
        float* a9 = next->A3, a10 = next->A4, a11 = next->A5;
        float* b = job->B;
        nint at = 0, stepA = job->StepA, stepB = job->StepB;
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        TVector s6 = default, s7 = default, s8 = default, s9 = default;
        TVector s10 = default, s11 = default;
        for (int segment = job->Segments; segment > 0; segment--)
        {
            for (int step = job->Depth; step > 0; step--)
            {
                TVector b0 = TLanes.Load(b);
                s0 = TLanes.MultiplyAdd(TLanes.Create(a0[at]), b0, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Create(a1[at]), b0, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Create(a2[at]), b0, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Create(a3[at]), b0, s3);
                s4 = TLanes.MultiplyAdd(TLanes.Create(a4[at]), b0, s4);
                s5 = TLanes.MultiplyAdd(TLanes.Create(a5[at]), b0, s5);
                s6 = TLanes.MultiplyAdd(TLanes.Create(a6[at]), b0, s6);
                s7 = TLanes.MultiplyAdd(TLanes.Create(a7[at]), b0, s7);
                s8 = TLanes.MultiplyAdd(TLanes.Create(a8[at]), b0, s8);
                s9 = TLanes.MultiplyAdd(TLanes.Create(a9[at]), b0, s9);
                s10 = TLanes.MultiplyAdd(TLanes.Create(a10[at]), b0, s10);
                s11 = TLanes.MultiplyAdd(TLanes.Create(a11[at]), b0, s11);
                at += stepA;
                b += stepB;
            }

            at += job->JumpA;
            b += job->JumpB;
        }

        Finish1(job, job->C0, s0);
        Finish1(job, job->C1, s1);
        Finish1(job, job->C2, s2);
        Finish1(job, job->C3, s3);
        Finish1(job, job->C4, s4);
        Finish1(job, job->C5, s5);
        Finish1(next, next->C0, s6);
        Finish1(next, next->C1, s7);
        Finish1(next, next->C2, s8);
        Finish1(next, next->C3, s9);
        Finish1(next, next->C4, s10);
        Finish1(next, next->C5, s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish1(TileJob* job, float* c, TVector s0)
    {
        if (job->IsAdded)
        {
            s0 = TLanes.Add(s0, TLanes.Load(c));
        }

        if (job->Bias != null)
        {
            s0 = TLanes.Add(s0, TLanes.Load(job->Bias));
        }

        if (job->IsRectified)
        {
            s0 = TLanes.Maximum(s0, default);
        }

        TLanes.Store(s0, c);
    }
}
