internal static readonly GpuKernel<ProductN64x128x24TanhArguments> ProductN64x128x24TanhKernel = new("ProductN64x128x24Tanh", ProductN64x128x24Tanh, threads: 256, onTensorCores: ProductN64x128x24TanhOnTensorCores);

internal struct ProductN64x128x24TanhArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Weight;
    public ArrayView<float> Values;
    public int Rows;
}

// product[row, column] = Σ over inner of X[row, inner] · Weight[inner, column]
// Values = tanh(product)
// rows N·64, columns 128, inner 24
private static void ProductN64x128x24Tanh(ProductN64x128x24TanhArguments args)
{
    ArrayView<Float4> leftQuads = SharedMemory.Allocate<Float4>(272); // [inner][row]
    ArrayView<float> left = leftQuads.Cast<float>();
    ArrayView<Float4> rightQuads = SharedMemory.Allocate<Float4>(272); // [inner][column]
    ArrayView<float> right = rightQuads.Cast<float>();
    int rows = args.Rows * 64;
    int columns = 128;
    int tilesOfRows = (rows + 63) / 64;
    int tilesOfColumns = (columns + 63) / 64;
    int firstColumn = (Grid.IdxX % tilesOfColumns) * 64;
    int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * 64;
    int threadRow = Group.IdxX / 16;
    int threadColumn = Group.IdxX % 16;
    float c00 = 0f;
    float c01 = 0f;
    float c02 = 0f;
    float c03 = 0f;
    float c10 = 0f;
    float c11 = 0f;
    float c12 = 0f;
    float c13 = 0f;
    float c20 = 0f;
    float c21 = 0f;
    float c22 = 0f;
    float c23 = 0f;
    float c30 = 0f;
    float c31 = 0f;
    float c32 = 0f;
    float c33 = 0f;
    for (int first = 0; first < 24; first += 16)
    {
        for (int turn = 0; turn < 1; turn++)
        {
            int place = (turn * 256) + Group.IdxX;
            int rowInTile = place / 4;
            int innerInTile = place % 4 * 4;
            int row = firstRow + rowInTile;
            int inner = first + innerInTile;
            Float4 value = default;
            if (row < rows && inner < 24)
            {
                value = args.X.Cast<Float4>()[(row * 6) + (inner / 4)];
            }
            left[(innerInTile * 68) + rowInTile] = value.X;
            left[((innerInTile + 1) * 68) + rowInTile] = value.Y;
            left[((innerInTile + 2) * 68) + rowInTile] = value.Z;
            left[((innerInTile + 3) * 68) + rowInTile] = value.W;
        }
        for (int turn = 0; turn < 1; turn++)
        {
            int place = (turn * 256) + Group.IdxX;
            int columnInTile = place % 16 * 4;
            int innerInTile = place / 16;
            int column = firstColumn + columnInTile;
            int inner = first + innerInTile;
            Float4 value = default;
            if (inner < 24)
            {
                value = args.Weight.Cast<Float4>()[(column / 4) + (inner * 32)];
            }
            rightQuads[(innerInTile * 17) + (columnInTile / 4)] = value;
        }
        Group.Barrier();
        for (int k = 0; k < 16; k++)
        {
            Float4 a0 = leftQuads[(k * 17) + threadRow];
            Float4 b0 = rightQuads[(k * 17) + threadColumn];
            c00 += a0.X * b0.X;
            c01 += a0.X * b0.Y;
            c02 += a0.X * b0.Z;
            c03 += a0.X * b0.W;
            c10 += a0.Y * b0.X;
            c11 += a0.Y * b0.Y;
            c12 += a0.Y * b0.Z;
            c13 += a0.Y * b0.W;
            c20 += a0.Z * b0.X;
            c21 += a0.Z * b0.Y;
            c22 += a0.Z * b0.Z;
            c23 += a0.Z * b0.W;
            c30 += a0.W * b0.X;
            c31 += a0.W * b0.Y;
            c32 += a0.W * b0.Z;
            c33 += a0.W * b0.W;
        }
        Group.Barrier();
    }
    if (firstRow + (threadRow * 4) < rows)
    {
        float value00 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4), c00);
        float value01 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 1, c01);
        float value02 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 2, c02);
        float value03 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 3, c03);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4), value00);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 1, value01);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 2, value02);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4), firstColumn + (threadColumn * 4) + 3, value03);
    }
    if (firstRow + (threadRow * 4) + 1 < rows)
    {
        float value10 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4), c10);
        float value11 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 1, c11);
        float value12 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 2, c12);
        float value13 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 3, c13);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4), value10);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 1, value11);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 2, value12);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 1, firstColumn + (threadColumn * 4) + 3, value13);
    }
    if (firstRow + (threadRow * 4) + 2 < rows)
    {
        float value20 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4), c20);
        float value21 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 1, c21);
        float value22 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 2, c22);
        float value23 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 3, c23);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4), value20);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 1, value21);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 2, value22);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 2, firstColumn + (threadColumn * 4) + 3, value23);
    }
    if (firstRow + (threadRow * 4) + 3 < rows)
    {
        float value30 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4), c30);
        float value31 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 1, c31);
        float value32 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 2, c32);
        float value33 = ProductN64x128x24TanhValue(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 3, c33);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4), value30);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 1, value31);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 2, value32);
        ProductN64x128x24TanhStore(args, firstRow + (threadRow * 4) + 3, firstColumn + (threadColumn * 4) + 3, value33);
    }
}

// The same with factors rounded to TF32, by warps on tensor cores.
private static void ProductN64x128x24TanhOnTensorCores(ProductN64x128x24TanhArguments args)
{
    ArrayView<Float4> leftQuads = SharedMemory.Allocate<Float4>(288); // [inner][row]
    ArrayView<float> left = leftQuads.Cast<float>();
    ArrayView<Float4> rightQuads = SharedMemory.Allocate<Float4>(288); // [inner][column]
    ArrayView<float> right = rightQuads.Cast<float>();
    int rows = args.Rows * 64;
    int columns = 128;
    int tilesOfRows = (rows + 63) / 64;
    int tilesOfColumns = (columns + 63) / 64;
    int firstColumn = (Grid.IdxX % tilesOfColumns) * 64;
    int firstRow = (Grid.IdxX / tilesOfColumns % tilesOfRows) * 64;
    int warp = Group.IdxX / 32;
    int lane = Group.IdxX % 32;
    int threadRow = (warp / 2 * 16) + (lane / 4);
    int threadColumn = (warp % 2 * 32) + (lane % 4 * 2);
    int rightColumn = (warp % 2 * 32) + (lane / 4);
    // Sums are registers of inline assembly until the last instruction.
    CudaAsm.Emit(".reg .f32 c00; mov.f32 c00, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c01; mov.f32 c01, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c02; mov.f32 c02, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c03; mov.f32 c03, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c04; mov.f32 c04, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c05; mov.f32 c05, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c06; mov.f32 c06, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c07; mov.f32 c07, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c10; mov.f32 c10, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c11; mov.f32 c11, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c12; mov.f32 c12, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c13; mov.f32 c13, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c14; mov.f32 c14, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c15; mov.f32 c15, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c16; mov.f32 c16, 0f00000000;");
    CudaAsm.Emit(".reg .f32 c17; mov.f32 c17, 0f00000000;");
    for (int first = 0; first < 24; first += 16)
    {
        for (int turn = 0; turn < 1; turn++)
        {
            int place = (turn * 256) + Group.IdxX;
            int rowInTile = place / 4;
            int innerInTile = place % 4 * 4;
            int row = firstRow + rowInTile;
            int inner = first + innerInTile;
            Float4 value = default;
            if (row < rows && inner < 24)
            {
                value = TensorCores.Round(args.X.Cast<Float4>()[(row * 6) + (inner / 4)]);
            }
            left[(innerInTile * 72) + rowInTile] = value.X;
            left[((innerInTile + 1) * 72) + rowInTile] = value.Y;
            left[((innerInTile + 2) * 72) + rowInTile] = value.Z;
            left[((innerInTile + 3) * 72) + rowInTile] = value.W;
        }
        for (int turn = 0; turn < 1; turn++)
        {
            int place = (turn * 256) + Group.IdxX;
            int columnInTile = place % 16 * 4;
            int innerInTile = place / 16;
            int column = firstColumn + columnInTile;
            int inner = first + innerInTile;
            Float4 value = default;
            if (inner < 24)
            {
                value = TensorCores.Round(args.Weight.Cast<Float4>()[(column / 4) + (inner * 32)]);
            }
            rightQuads[(innerInTile * 18) + (columnInTile / 4)] = value;
        }
        Group.Barrier();
        int innerOfTile = Math.Min(16, 24 - first);
        for (int inner = 0; inner < innerOfTile; inner += 8)
        {
            int k = inner + (lane % 4);
            uint a0 = Interop.FloatAsInt(left[(k * 72) + threadRow]);
            uint a0Behind = Interop.FloatAsInt(left[((k + 4) * 72) + threadRow]);
            uint a1 = Interop.FloatAsInt(left[(k * 72) + threadRow + 8]);
            uint a1Behind = Interop.FloatAsInt(left[((k + 4) * 72) + threadRow + 8]);
            uint b0 = Interop.FloatAsInt(right[(k * 72) + rightColumn]);
            uint b0Behind = Interop.FloatAsInt(right[((k + 4) * 72) + rightColumn]);
            uint b1 = Interop.FloatAsInt(right[(k * 72) + rightColumn + 8]);
            uint b1Behind = Interop.FloatAsInt(right[((k + 4) * 72) + rightColumn + 8]);
            uint b2 = Interop.FloatAsInt(right[(k * 72) + rightColumn + 16]);
            uint b2Behind = Interop.FloatAsInt(right[((k + 4) * 72) + rightColumn + 16]);
            uint b3 = Interop.FloatAsInt(right[(k * 72) + rightColumn + 24]);
            uint b3Behind = Interop.FloatAsInt(right[((k + 4) * 72) + rightColumn + 24]);
            CudaAsm.Emit("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {c00, c01, c10, c11}, {%0, %1, %2, %3}, {%4, %5}, {c00, c01, c10, c11};", a0, a1, a0Behind, a1Behind, b0, b0Behind);
            CudaAsm.Emit("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {c02, c03, c12, c13}, {%0, %1, %2, %3}, {%4, %5}, {c02, c03, c12, c13};", a0, a1, a0Behind, a1Behind, b1, b1Behind);
            CudaAsm.Emit("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {c04, c05, c14, c15}, {%0, %1, %2, %3}, {%4, %5}, {c04, c05, c14, c15};", a0, a1, a0Behind, a1Behind, b2, b2Behind);
            CudaAsm.Emit("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {c06, c07, c16, c17}, {%0, %1, %2, %3}, {%4, %5}, {c06, c07, c16, c17};", a0, a1, a0Behind, a1Behind, b3, b3Behind);
        }
        Group.Barrier();
    }
    // Each becomes a variable by way of the thread's own place in the left tile, the first shared memory of the kernel.
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c00; }", Group.IdxX * 4);
    float c00 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c01; }", Group.IdxX * 4);
    float c01 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c02; }", Group.IdxX * 4);
    float c02 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c03; }", Group.IdxX * 4);
    float c03 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c04; }", Group.IdxX * 4);
    float c04 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c05; }", Group.IdxX * 4);
    float c05 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c06; }", Group.IdxX * 4);
    float c06 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c07; }", Group.IdxX * 4);
    float c07 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c10; }", Group.IdxX * 4);
    float c10 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c11; }", Group.IdxX * 4);
    float c11 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c12; }", Group.IdxX * 4);
    float c12 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c13; }", Group.IdxX * 4);
    float c13 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c14; }", Group.IdxX * 4);
    float c14 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c15; }", Group.IdxX * 4);
    float c15 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c16; }", Group.IdxX * 4);
    float c16 = left[Group.IdxX];
    CudaAsm.Emit("{ .reg .u32 place; mov.u32 place, __shared_alloca0; add.u32 place, place, %0; st.shared.f32 [place], c17; }", Group.IdxX * 4);
    float c17 = left[Group.IdxX];
    if (firstRow + threadRow < rows)
    {
        float value00 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn, c00);
        float value01 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 1, c01);
        float value02 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 8, c02);
        float value03 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 9, c03);
        float value04 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 16, c04);
        float value05 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 17, c05);
        float value06 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 24, c06);
        float value07 = ProductN64x128x24TanhValue(args, firstRow + threadRow, firstColumn + threadColumn + 25, c07);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn, value00);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 1, value01);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 8, value02);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 9, value03);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 16, value04);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 17, value05);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 24, value06);
        ProductN64x128x24TanhStore(args, firstRow + threadRow, firstColumn + threadColumn + 25, value07);
    }
    if (firstRow + threadRow + 8 < rows)
    {
        float value10 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn, c10);
        float value11 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 1, c11);
        float value12 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 8, c12);
        float value13 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 9, c13);
        float value14 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 16, c14);
        float value15 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 17, c15);
        float value16 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 24, c16);
        float value17 = ProductN64x128x24TanhValue(args, firstRow + threadRow + 8, firstColumn + threadColumn + 25, c17);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn, value10);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 1, value11);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 8, value12);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 9, value13);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 16, value14);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 17, value15);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 24, value16);
        ProductN64x128x24TanhStore(args, firstRow + threadRow + 8, firstColumn + threadColumn + 25, value17);
    }
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static float ProductN64x128x24TanhValue(ProductN64x128x24TanhArguments args, int resultRow, int resultColumn, float product)
{
    int column = ((resultRow % 64) * 128) + resultColumn;
    int example = (resultRow / 64);
    float tanh_1 = DeviceMath.Tanh(product);
    return tanh_1;
}

[MethodImpl(MethodImplOptions.AggressiveInlining)]
private static void ProductN64x128x24TanhStore(ProductN64x128x24TanhArguments args, int resultRow, int resultColumn, float value)
{
    int column = ((resultRow % 64) * 128) + resultColumn;
    int example = (resultRow / 64);
    args.Values[(example * 8192) + column] = value;
}
